/** Keys that lie in files. What they hold is never logged, and in no message of an exception. */
@NullMarked
package io.parley.push.secrets;

import org.jspecify.annotations.NullMarked;
