/** Whether a user is there, and who is told. */
@NullMarked
package io.parley.bridge.user.presence;

import org.jspecify.annotations.NullMarked;
