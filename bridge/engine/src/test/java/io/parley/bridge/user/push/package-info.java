/** Tests of that feature. */
@NullMarked
package io.parley.bridge.user.push;

import org.jspecify.annotations.NullMarked;
