/** Whom a user blocks, and who is told. */
@NullMarked
package io.parley.bridge.user.blocking;

import org.jspecify.annotations.NullMarked;
