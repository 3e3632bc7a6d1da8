/** Tokens that plugins know, as nodes ask about them. */
@NullMarked
package io.parley.plugins.authenticating;

import org.jspecify.annotations.NullMarked;
