/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.membership;

import org.jspecify.annotations.NullMarked;
