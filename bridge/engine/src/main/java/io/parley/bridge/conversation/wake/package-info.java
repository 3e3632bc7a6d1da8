/** Which user machines are woken by the next event. */
@NullMarked
package io.parley.bridge.conversation.wake;

import org.jspecify.annotations.NullMarked;
