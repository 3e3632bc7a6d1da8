/**
 * {@code parley compare}: the same load for Parley and for other servers in one run. {@code servers} has the set-ups, {@code clients} one
 * account, {@code load} what is played and counted, {@code report} the figures, the table and the chart.
 */
@NullMarked
package io.parley.bench.peers;

import org.jspecify.annotations.NullMarked;
