/** Push systems that plugins know: each attempt is asked of the plugin service over HTTP. No plugin runs here. */
@NullMarked
package io.parley.push.plugins;

import org.jspecify.annotations.NullMarked;
