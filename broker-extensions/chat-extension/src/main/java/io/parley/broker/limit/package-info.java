/** How much one user may ask of a node. */
@NullMarked
package io.parley.broker.limit;

import org.jspecify.annotations.NullMarked;
