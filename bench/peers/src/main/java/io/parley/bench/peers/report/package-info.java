/** What a comparison has shown: records that are kept as JSON, and the table and the chart that are made of them. No server comes in here. */
@NullMarked
package io.parley.bench.peers.report;

import org.jspecify.annotations.NullMarked;
