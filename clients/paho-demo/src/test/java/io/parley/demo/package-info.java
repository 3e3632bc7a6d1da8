/** What needs no platform: reading logs, names, output. */
@NullMarked
package io.parley.demo;

import org.jspecify.annotations.NullMarked;
