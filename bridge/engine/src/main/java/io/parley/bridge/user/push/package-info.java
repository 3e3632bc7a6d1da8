/** Push: tokens, settings, mutes, and who is notified of what. No push service is known here. */
@NullMarked
package io.parley.bridge.user.push;

import org.jspecify.annotations.NullMarked;
