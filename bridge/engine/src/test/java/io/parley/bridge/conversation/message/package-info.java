/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.message;

import org.jspecify.annotations.NullMarked;
