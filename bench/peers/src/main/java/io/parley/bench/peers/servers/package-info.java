/**
 * The servers that are compared: how each is set up, started, killed and ended, and how its clients reach it. No load and no figures come in
 * here.
 */
@NullMarked
package io.parley.bench.peers.servers;

import org.jspecify.annotations.NullMarked;
