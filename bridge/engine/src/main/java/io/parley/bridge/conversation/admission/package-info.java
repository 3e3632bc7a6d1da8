/** Whether a conversation of two may begin. */
@NullMarked
package io.parley.bridge.conversation.admission;

import org.jspecify.annotations.NullMarked;
