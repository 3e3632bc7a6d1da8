/** What may be published, and how it looks on the wire. */
@NullMarked
package io.parley.protocol;

import org.jspecify.annotations.NullMarked;
