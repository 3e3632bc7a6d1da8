/**
 * Topic filters of a session: what they ask for, and how what they ask for is addressed.
 */
@NullMarked
package io.parley.gateway.subscribing;

import org.jspecify.annotations.NullMarked;
