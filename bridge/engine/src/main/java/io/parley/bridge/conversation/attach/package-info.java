/** Devices: where each is connected and how far it has acknowledged. */
@NullMarked
package io.parley.bridge.conversation.attach;

import org.jspecify.annotations.NullMarked;
