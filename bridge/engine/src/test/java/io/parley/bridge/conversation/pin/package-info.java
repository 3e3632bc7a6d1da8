/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.pin;

import org.jspecify.annotations.NullMarked;
