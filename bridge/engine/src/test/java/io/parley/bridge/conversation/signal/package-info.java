/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.signal;

import org.jspecify.annotations.NullMarked;
