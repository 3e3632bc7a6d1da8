/** What members have not read. */
@NullMarked
package io.parley.bridge.conversation.unread;

import org.jspecify.annotations.NullMarked;
