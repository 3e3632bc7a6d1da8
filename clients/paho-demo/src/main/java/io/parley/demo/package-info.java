/**
 * Clients of the platform on the Paho libraries: the tour, the terminal chat, the replayer of IRC logs. They know the wire contract
 * only; nothing of a server comes in here.
 */
@NullMarked
package io.parley.demo;

import org.jspecify.annotations.NullMarked;
