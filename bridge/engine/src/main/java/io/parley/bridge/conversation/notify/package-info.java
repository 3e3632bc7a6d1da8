/** What user machines are told so that they can notify their users. No push service is known here. */
@NullMarked
package io.parley.bridge.conversation.notify;

import org.jspecify.annotations.NullMarked;
