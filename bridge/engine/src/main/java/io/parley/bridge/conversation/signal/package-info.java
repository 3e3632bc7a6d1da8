/** Receipts, presence and typing: what is told outside of the sequence. */
@NullMarked
package io.parley.bridge.conversation.signal;

import org.jspecify.annotations.NullMarked;
