/** The push service's process: what it is set up from, and what it tells operators. */
@NullMarked
package io.parley.push;

import org.jspecify.annotations.NullMarked;
