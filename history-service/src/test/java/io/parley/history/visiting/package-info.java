@NullMarked
package io.parley.history.visiting;

import org.jspecify.annotations.NullMarked;
