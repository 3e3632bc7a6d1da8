/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.wake;

import org.jspecify.annotations.NullMarked;
