/** A plugin that serves a push system of others. */
package io.parley.examples.pushrelay;
