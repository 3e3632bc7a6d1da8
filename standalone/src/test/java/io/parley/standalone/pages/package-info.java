/** Reads the pages about the protocol, whose examples are played, and what describes their messages to programs. */
@NullMarked
package io.parley.standalone.pages;

import org.jspecify.annotations.NullMarked;
