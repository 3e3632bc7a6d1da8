/** The process in which plugins run. Nodes ask it; nothing of theirs runs here, and no plugin runs there. */
@NullMarked
package io.parley.plugins;

import org.jspecify.annotations.NullMarked;
