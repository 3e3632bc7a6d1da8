/** What a conversation remembers of its last messages: who sent them, what was done to them, whom they mention, which ids were taken. Rows only; no rule decides here. */
@NullMarked
package io.parley.bridge.conversation.window;

import org.jspecify.annotations.NullMarked;
