package io.parley.plugin;

/**
 * A user's request to a plugin.
 *
 * @param user who asks
 * @param device the device's name, without its user
 * @param kind what is asked for
 * @param body what the device sent with it
 */
public record PluginRequest(String user, String device, String kind, String body) {}
