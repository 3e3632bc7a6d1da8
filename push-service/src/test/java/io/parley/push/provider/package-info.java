/** Tests of this package. */
@NullMarked
package io.parley.push.provider;

import org.jspecify.annotations.NullMarked;
