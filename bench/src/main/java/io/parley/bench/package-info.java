/**
 * Load for a platform from real MQTT connections, measured from outside and audited. A package for each kind of load, and one for what they
 * share. Nothing of a server comes in here.
 */
@NullMarked
package io.parley.bench;

import org.jspecify.annotations.NullMarked;
