/** What a node remembers, and for how long it may trust it. */
@NullMarked
package io.parley.delivery;

import org.jspecify.annotations.NullMarked;
