@NullMarked
package io.parley.operator;

import org.jspecify.annotations.NullMarked;
