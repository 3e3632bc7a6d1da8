/** A plugin that answers messages as a bot. */
package io.parley.examples.autoresponder;
