/** What needs no platform: scanning, accounting, output. */
@NullMarked
package io.parley.bench.measure;

import org.jspecify.annotations.NullMarked;
