/** Tests of the parts that need no platform. */
@NullMarked
package io.parley.bench.pushing;

import org.jspecify.annotations.NullMarked;
