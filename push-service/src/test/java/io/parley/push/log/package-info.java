/** Tests of this package. */
@NullMarked
package io.parley.push.log;

import org.jspecify.annotations.NullMarked;
