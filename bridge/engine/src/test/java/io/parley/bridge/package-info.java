@NullMarked
package io.parley.bridge;

import org.jspecify.annotations.NullMarked;
