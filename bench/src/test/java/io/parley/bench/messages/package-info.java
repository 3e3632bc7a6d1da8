/** What needs no platform: scanning, accounting, output. */
@NullMarked
package io.parley.bench.messages;

import org.jspecify.annotations.NullMarked;
