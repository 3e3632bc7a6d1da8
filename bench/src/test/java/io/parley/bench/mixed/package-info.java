/** Tests of what a load of everything is made of. */
@NullMarked
package io.parley.bench.mixed;

import org.jspecify.annotations.NullMarked;
