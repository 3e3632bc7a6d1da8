/** What is reached over HTTP: by nodes and by operators. */
@NullMarked
package io.parley.plugins.operating;

import org.jspecify.annotations.NullMarked;
