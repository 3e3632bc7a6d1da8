/** Programs for operators: what is stored where, and erasing a user. */
@NullMarked
package io.parley.operator;

import org.jspecify.annotations.NullMarked;
