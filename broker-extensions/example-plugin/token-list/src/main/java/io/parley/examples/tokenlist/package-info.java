/** A plugin that knows tokens. */
package io.parley.examples.tokenlist;
