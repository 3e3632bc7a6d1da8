package io.parley.demo;

import io.parley.protocol.UserId;
import java.net.URI;
import java.util.function.Function;

/**
 * The platform that clients talk to.
 *
 * @param mqtt the broker, {@code tcp://host:port} (also {@code ssl://}, {@code ws://})
 * @param http the history service's base
 * @param tokens a valid token for any user
 */
public record DemoTarget(URI mqtt, URI http, Function<UserId, String> tokens) {}
