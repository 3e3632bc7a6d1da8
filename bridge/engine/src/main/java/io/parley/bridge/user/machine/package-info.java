/** The features of a user put together: the rules that decide a command, and the store that applies a change. No rule of a feature may come in. */
@NullMarked
package io.parley.bridge.user.machine;

import org.jspecify.annotations.NullMarked;
