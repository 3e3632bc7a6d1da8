/** Tests of the faults that strike a cluster. */
@NullMarked
package io.parley.standalone.prove;

import org.jspecify.annotations.NullMarked;
