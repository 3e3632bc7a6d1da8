/** Push systems that plugins know, as the push service asks them. */
@NullMarked
package io.parley.plugins.pushing;

import org.jspecify.annotations.NullMarked;
