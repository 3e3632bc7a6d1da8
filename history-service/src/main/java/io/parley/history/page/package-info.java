/** The web page: its files, what it has to know, and tokens for development. Nothing in here reads what users say. */
@NullMarked
package io.parley.history.page;

import org.jspecify.annotations.NullMarked;
