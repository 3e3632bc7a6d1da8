/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.erasure;

import org.jspecify.annotations.NullMarked;
