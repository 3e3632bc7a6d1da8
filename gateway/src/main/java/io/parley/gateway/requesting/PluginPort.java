package io.parley.gateway.requesting;

import io.parley.protocol.plugin.RequestAnswer;
import io.parley.protocol.plugin.RequestQuestion;
import java.util.concurrent.CompletionStage;

/** Where requests to plugins go. */
@FunctionalInterface
public interface PluginPort {
    /** Asks a plugin. Done on any thread; fails if it cannot be asked now. */
    CompletionStage<RequestAnswer> request(RequestQuestion question);
}
