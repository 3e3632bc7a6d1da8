/** Tests of that feature. */
@NullMarked
package io.parley.bridge.user.listing;

import org.jspecify.annotations.NullMarked;
