/** Tests of that feature. */
@NullMarked
package io.parley.bridge.conversation.settings;

import org.jspecify.annotations.NullMarked;
