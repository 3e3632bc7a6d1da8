/** Programs for operators: what is stored where, and erasing a user. */
@NullMarked
package io.parley.bridge.admin;

import org.jspecify.annotations.NullMarked;
