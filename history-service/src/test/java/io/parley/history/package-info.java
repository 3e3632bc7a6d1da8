/** Tests of the HTTP API. */
@NullMarked
package io.parley.history;

import org.jspecify.annotations.NullMarked;
