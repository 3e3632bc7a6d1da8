/** Which conversations a user gets, and what a user may do within an hour. */
@NullMarked
package io.parley.bridge.user.admission;

import org.jspecify.annotations.NullMarked;
