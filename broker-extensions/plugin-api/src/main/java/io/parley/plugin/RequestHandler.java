package io.parley.plugin;

import java.util.concurrent.CompletionStage;

/** Answers requests of a kind that is the plugin's own. Requests come at the same time, on several threads. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Handles a request. It has five seconds.
     *
     * @return the answer's body, at most 65,536 bytes in UTF-8, done on any thread; fails with a {@link RequestRefusedException} when the user may not, or cannot, have
     *     it. Any other failure is shown to the user as one of the server
     */
    CompletionStage<String> handle(PluginRequest request) throws Exception;
}
