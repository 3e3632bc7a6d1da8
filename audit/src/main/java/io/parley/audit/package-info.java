/** Compares what was sent, delivered and kept, and names each broken promise. Pure: no network, no clock, no protocol. */
@NullMarked
package io.parley.audit;

import org.jspecify.annotations.NullMarked;
