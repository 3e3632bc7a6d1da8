/**
 * The client library: one device of one user, over MQTT 5. {@link ParleyClient} is where to begin. It keeps a session, connects again by itself, sends again what was
 * not acknowledged, and acknowledges what came when the application has stored it. What travels are the messages of {@code io.parley.protocol.wire}.
 */
@NullMarked
package io.parley.client;

import org.jspecify.annotations.NullMarked;
