/**
 * Whose token it is: JWTs checked against a JWK set, and the key pair that the standalone mode signs with. Nothing of MQTT, HTTP
 * servers, Kafka or settings files comes in here.
 */
@NullMarked
package io.parley.identity;

import org.jspecify.annotations.NullMarked;
