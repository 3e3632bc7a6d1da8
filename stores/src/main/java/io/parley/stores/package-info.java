/** What every transport's node is served with: the gateway's ports, answered by storage and media. */
@NullMarked
package io.parley.stores;

import org.jspecify.annotations.NullMarked;
