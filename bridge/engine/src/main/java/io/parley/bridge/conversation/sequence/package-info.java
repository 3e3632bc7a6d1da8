/** How an event gets its place in the sequence, and its ways to history, nodes and user machines. Given to the features that make events; knows none of them. */
@NullMarked
package io.parley.bridge.conversation.sequence;

import org.jspecify.annotations.NullMarked;
