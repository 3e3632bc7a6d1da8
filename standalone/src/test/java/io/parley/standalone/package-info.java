/** Tests of the supervisor, and of the whole platform on its real parts ({@link io.parley.standalone.WithPlatform}). */
@NullMarked
package io.parley.standalone;

import org.jspecify.annotations.NullMarked;
