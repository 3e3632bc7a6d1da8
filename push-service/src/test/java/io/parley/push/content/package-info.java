/** Tests of this package. */
@NullMarked
package io.parley.push.content;

import org.jspecify.annotations.NullMarked;
