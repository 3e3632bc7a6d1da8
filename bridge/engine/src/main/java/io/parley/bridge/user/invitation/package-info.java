/** Invitations into groups, where consent is asked for. */
@NullMarked
package io.parley.bridge.user.invitation;

import org.jspecify.annotations.NullMarked;
