/** What a conversation tells a member who lists conversations. */
@NullMarked
package io.parley.bridge.conversation.summary;

import org.jspecify.annotations.NullMarked;
