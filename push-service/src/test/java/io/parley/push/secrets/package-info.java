/** Tests of this package. */
@NullMarked
package io.parley.push.secrets;

import org.jspecify.annotations.NullMarked;
