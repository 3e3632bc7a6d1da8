/** The conversations that a user comes into, and leaves. */
@NullMarked
package io.parley.bridge.user.membership;

import org.jspecify.annotations.NullMarked;
