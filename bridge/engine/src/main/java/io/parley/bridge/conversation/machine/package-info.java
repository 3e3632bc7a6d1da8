/** The features of a conversation put together: the rules that decide a command, and the store that applies a change. No rule of a feature may come in. */
@NullMarked
package io.parley.bridge.conversation.machine;

import org.jspecify.annotations.NullMarked;
