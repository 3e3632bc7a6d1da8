/** A plugin that connects conversations with HTTP services of others. */
package io.parley.examples.webhookbridge;
