@NullMarked
package io.parley.plugins;

import org.jspecify.annotations.NullMarked;
