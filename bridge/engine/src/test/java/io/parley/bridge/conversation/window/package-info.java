/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.window;

import org.jspecify.annotations.NullMarked;
