/**
 * The API of plugins. It depends on the JDK alone, and has no type of HiveMQ, Kafka or Parley's insides. {@link io.parley.plugin.Plugin} is where to begin.
 *
 * <p>Versions: {@value io.parley.plugin.Plugin#API_VERSION} is the API's. Within one major version nothing is removed, and what is added has a default.
 */
package io.parley.plugin;
