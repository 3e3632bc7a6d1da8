/**
 * Attachments by HTTP: uploads as a whole and by tus, ranges, thumbnails, signed links. Servlets of their own: bodies stream without a thread that waits for a
 * client. What an upload is and who may fetch what is decided elsewhere. No Kafka and no MQTT may come in here.
 */
@NullMarked
package io.parley.history.media;

import org.jspecify.annotations.NullMarked;
