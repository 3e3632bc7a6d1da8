/** What the loads share: clients, due times, figures, and what the operating system says of the servers' processes. Knows no load. */
@NullMarked
package io.parley.bench.measure;

import org.jspecify.annotations.NullMarked;
