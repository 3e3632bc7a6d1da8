/** A plugin that filters messages. */
package io.parley.examples.wordfilter;
