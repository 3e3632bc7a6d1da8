/** The command line, {@code ./parley}: thin commands over the platform. What the client programs do lives in clients/. */
@NullMarked
package io.parley.standalone.cli;

import org.jspecify.annotations.NullMarked;
