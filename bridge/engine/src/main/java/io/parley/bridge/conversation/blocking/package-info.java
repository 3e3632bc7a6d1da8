/** Who blocks whom, and what that hides. */
@NullMarked
package io.parley.bridge.conversation.blocking;

import org.jspecify.annotations.NullMarked;
