/**
 * Whose token it is: JWTs checked against a JWK set, what others say of other tokens, and the key pair that the standalone mode signs with. Nothing of MQTT, HTTP
 * servers, Kafka or settings files comes in here.
 */
@NullMarked
package io.parley.identity;

import org.jspecify.annotations.NullMarked;
