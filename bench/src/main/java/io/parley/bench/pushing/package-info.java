/** Messages to users who are away, measured until a provider's counterpart has accepted the notification. Knows no other load. */
@NullMarked
package io.parley.bench.pushing;

import org.jspecify.annotations.NullMarked;
