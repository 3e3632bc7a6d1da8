/** What a broker node counts. */
@NullMarked
package io.parley.broker.metrics;

import org.jspecify.annotations.NullMarked;
