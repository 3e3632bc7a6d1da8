/** What needs no platform: scanning, accounting, output. */
@NullMarked
package io.parley.bench.connecting;

import org.jspecify.annotations.NullMarked;
