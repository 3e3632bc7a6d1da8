/** How a connection is brought to the conversations that its session's filters ask for. */
@NullMarked
package io.parley.bridge.user.attach;

import org.jspecify.annotations.NullMarked;
