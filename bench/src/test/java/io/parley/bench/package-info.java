/** What needs no platform: scanning, accounting, output. */
@NullMarked
package io.parley.bench;

import org.jspecify.annotations.NullMarked;
