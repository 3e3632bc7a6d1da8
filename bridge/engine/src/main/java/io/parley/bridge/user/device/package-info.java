/** The list of a user's devices, and their removal. */
@NullMarked
package io.parley.bridge.user.device;

import org.jspecify.annotations.NullMarked;
