/** The rules of one user: devices, conversations, wildcard subscriptions. Pure, as those of a conversation. */
@NullMarked
package io.parley.bridge.user;

import org.jspecify.annotations.NullMarked;
