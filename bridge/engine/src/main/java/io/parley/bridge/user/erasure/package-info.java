/** A user is erased. */
@NullMarked
package io.parley.bridge.user.erasure;

import org.jspecify.annotations.NullMarked;
