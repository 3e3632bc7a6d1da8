/** How much one user may ask of a node. */
@NullMarked
package io.parley.gateway.throttling;

import org.jspecify.annotations.NullMarked;
