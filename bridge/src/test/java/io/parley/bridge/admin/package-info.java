@NullMarked
package io.parley.bridge.admin;

import org.jspecify.annotations.NullMarked;
