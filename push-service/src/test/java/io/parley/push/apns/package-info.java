/** Tests of this package. */
@NullMarked
package io.parley.push.apns;

import org.jspecify.annotations.NullMarked;
