/** What conversations forget. */
@NullMarked
package io.parley.bridge.conversation.dormancy;

import org.jspecify.annotations.NullMarked;
