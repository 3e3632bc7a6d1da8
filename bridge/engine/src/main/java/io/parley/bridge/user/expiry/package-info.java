/** What ends with time alone among a user's rows. */
@NullMarked
package io.parley.bridge.user.expiry;

import org.jspecify.annotations.NullMarked;
