/** What sessions subscribe to, and the conversations that connections are attached to for it. */
@NullMarked
package io.parley.bridge.user.subscription;

import org.jspecify.annotations.NullMarked;
