/** How a jar becomes a plugin: its manifest, its class loader, its object. pf4j is known here only. */
@NullMarked
package io.parley.plugins.loading;

import org.jspecify.annotations.NullMarked;
