/**
 * What a provider of pushes is to the service: Apple's, Google's, a browser's, or a deployment's own. Providers know nothing of the log: no Kafka type may come
 * in here.
 */
@NullMarked
package io.parley.push.provider;

import org.jspecify.annotations.NullMarked;
