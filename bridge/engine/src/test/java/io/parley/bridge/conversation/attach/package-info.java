/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.attach;

import org.jspecify.annotations.NullMarked;
