/** Who may connect, and with which options. Only the extension SDK of HiveMQ comes in here. */
@NullMarked
package io.parley.broker.connect;

import org.jspecify.annotations.NullMarked;
