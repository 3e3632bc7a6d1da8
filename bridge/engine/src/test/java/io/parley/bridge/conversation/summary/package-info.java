/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.summary;

import org.jspecify.annotations.NullMarked;
