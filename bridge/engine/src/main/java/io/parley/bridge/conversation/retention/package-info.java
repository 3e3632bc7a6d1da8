/** How long messages are kept, and what is deleted when every device has it. */
@NullMarked
package io.parley.bridge.conversation.retention;

import org.jspecify.annotations.NullMarked;
