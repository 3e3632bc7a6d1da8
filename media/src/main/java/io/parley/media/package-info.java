/** Attachments: uploads, the store of their bytes, what their bytes are, thumbnails, signed links, deletion. No HTTP, no MQTT and no Kafka may come in here. */
@NullMarked
package io.parley.media;

import org.jspecify.annotations.NullMarked;
