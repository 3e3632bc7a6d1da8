package io.parley.plugin;

import java.util.concurrent.CompletionStage;

/**
 * Sees messages, edits, deletions and reactions before the log takes them, and passes, changes or refuses them. Publications of one connection come one after
 * the other, each when the verdict on the one before is there; those of different connections come at the same time, on several threads.
 */
@FunctionalInterface
public interface PublishFilter {
    /**
     * Decides on a publication. A message that is sent again, with the same id, is asked about again.
     *
     * @return done on any thread, within the deadline of {@link FilterTerms}. A failure counts as a missed deadline
     */
    CompletionStage<Verdict> filter(Publication publication) throws Exception;
}
