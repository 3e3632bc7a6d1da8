/** Tests of what is decided about topics beside the chat. */
@NullMarked
package io.parley.broker.topics;

import org.jspecify.annotations.NullMarked;
