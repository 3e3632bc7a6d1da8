/** Tokens that are void before they expire. */
@NullMarked
package io.parley.bridge.user.revocation;

import org.jspecify.annotations.NullMarked;
