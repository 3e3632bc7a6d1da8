/** How plugins act: as bots, over the HTTP API that everybody uses. */
@NullMarked
package io.parley.plugins.acting;

import org.jspecify.annotations.NullMarked;
