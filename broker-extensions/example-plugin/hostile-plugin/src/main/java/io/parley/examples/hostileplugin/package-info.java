/** A plugin that does what plugins must not do: no example to follow, but what tests run to see that it harms nobody. */
package io.parley.examples.hostileplugin;
