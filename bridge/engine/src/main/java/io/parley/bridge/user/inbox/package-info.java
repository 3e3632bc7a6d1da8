/** Which conversations moved, and what is unread in them. */
@NullMarked
package io.parley.bridge.user.inbox;

import org.jspecify.annotations.NullMarked;
