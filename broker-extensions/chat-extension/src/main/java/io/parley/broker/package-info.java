/** The broker node: wires HiveMQ, the delivery and the log together. No rules of the chat live here. */
@NullMarked
package io.parley.broker;

import org.jspecify.annotations.NullMarked;
