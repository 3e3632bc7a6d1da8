package io.parley.gateway.publishing;

import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.wire.Publication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What plugins say to a message before the log takes it. */
public interface PublicationFilters {
    /** Where there are no plugins. */
    PublicationFilters NONE = new PublicationFilters() {
        @Override
        public boolean areOn() {
            return false;
        }

        @Override
        public CompletionStage<Filtered> filter(FilterQuestion question) {
            return CompletableFuture.completedFuture(Filtered.passed(question.getPublication()));
        }
    };

    /**
     * A verdict.
     *
     * @param publication as it goes on
     * @param refusal why it does not; empty if it does
     */
    record Filtered(Publication publication, String refusal) {
        /** It goes on. */
        public static Filtered passed(Publication publication) {
            return new Filtered(publication, "");
        }

        /** It does not. */
        public static Filtered refused(String refusal) {
            return new Filtered(Publication.getDefaultInstance(), refusal);
        }
    }

    /** Whether there is a filter. If not, nothing is asked. */
    boolean areOn();

    /**
     * Asks all filters.
     *
     * @return done on any thread; fails if they cannot be asked now
     */
    CompletionStage<Filtered> filter(FilterQuestion question);
}
