/** A user, under random commands. */
@NullMarked
package io.parley.bridge.user;

import org.jspecify.annotations.NullMarked;
