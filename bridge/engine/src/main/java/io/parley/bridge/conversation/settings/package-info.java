/** Settings that members change: name, description, picture, who may write and add, read receipts, retention. */
@NullMarked
package io.parley.bridge.conversation.settings;

import org.jspecify.annotations.NullMarked;
