/**
 * A load of everything at once, for runs under faults: pairs and groups, on MQTT and HTTP, whose devices change node and transport, are taken over and come back in
 * storms, whose members come and go, edit, delete, react and read; one device acknowledges nothing. The audit covers devices, history and notifications.
 */
@NullMarked
package io.parley.bench.mixed;

import org.jspecify.annotations.NullMarked;
