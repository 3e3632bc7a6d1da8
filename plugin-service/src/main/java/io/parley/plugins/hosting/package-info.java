/** The folder of plugins and what runs of it: loaded, started, switched off and on. */
@NullMarked
package io.parley.plugins.hosting;

import org.jspecify.annotations.NullMarked;
