/** Tests of that feature. */
@NullMarked
package io.parley.bridge.user.admission;

import org.jspecify.annotations.NullMarked;
