/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.retention;

import org.jspecify.annotations.NullMarked;
