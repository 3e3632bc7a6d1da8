/** Tests of the whole broker node. */
@NullMarked
package io.parley.broker;

import org.jspecify.annotations.NullMarked;
