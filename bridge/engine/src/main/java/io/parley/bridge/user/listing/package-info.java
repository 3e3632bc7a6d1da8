/** A page of a user's conversations. */
@NullMarked
package io.parley.bridge.user.listing;

import org.jspecify.annotations.NullMarked;
