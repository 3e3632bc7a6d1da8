/** What sessions subscribe to. */
@NullMarked
package io.parley.bridge.user.subscription;

import org.jspecify.annotations.NullMarked;
