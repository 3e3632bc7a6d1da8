/** What a notification says, the same for every provider. Pure: no clock, no network, no provider's library. */
@NullMarked
package io.parley.push.content;

import org.jspecify.annotations.NullMarked;
