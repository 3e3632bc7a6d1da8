/** Tests of this package. */
@NullMarked
package io.parley.push.sending;

import org.jspecify.annotations.NullMarked;
