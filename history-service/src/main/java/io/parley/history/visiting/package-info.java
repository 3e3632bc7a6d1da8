/** What users ask for and send without a device's session: one answer for each call. No HTTP comes in here, and Kafka through the gateway only. */
@NullMarked
package io.parley.history.visiting;

import org.jspecify.annotations.NullMarked;
