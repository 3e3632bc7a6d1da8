/** Table, chart and JSON, without a server. */
@NullMarked
package io.parley.bench.peers.report;

import org.jspecify.annotations.NullMarked;
