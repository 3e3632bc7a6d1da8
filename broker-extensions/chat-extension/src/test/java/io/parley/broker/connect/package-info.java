/** Tests of who is let in. */
@NullMarked
package io.parley.broker.connect;

import org.jspecify.annotations.NullMarked;
