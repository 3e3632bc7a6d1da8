/** The rules of one user: devices, their sessions and filters, conversations. Pure, as those of a conversation. */
@NullMarked
package io.parley.bridge.user;

import org.jspecify.annotations.NullMarked;
