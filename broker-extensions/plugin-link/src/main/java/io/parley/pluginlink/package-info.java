/** A node's side of plugins: what the gateway asks is asked of the plugin service over HTTP. No plugin runs here. */
@NullMarked
package io.parley.pluginlink;

import org.jspecify.annotations.NullMarked;
