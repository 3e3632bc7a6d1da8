/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.blocking;

import org.jspecify.annotations.NullMarked;
