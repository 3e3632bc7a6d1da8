package io.parley.gateway.publishing;

import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.Publications;
import io.parley.protocol.log.Origin;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.wire.Publication;
import java.util.function.Consumer;

/** The step in which plugins see a message, change it or refuse it. On the connection's shard. */
final class FilterStep {
    private final PublicationFilters filters;
    private final Origin origin;
    private final Asking asking;

    FilterStep(PublicationFilters filters, Origin origin, Publisher publisher, Consumer<Exception> outage) {
        this.filters = filters;
        this.origin = origin;
        this.asking = new Asking(publisher, outage, "plugins cannot be asked");
    }

    /** Whether there is anything to ask. */
    boolean isOn() {
        return filters.areOn();
    }

    /** @param passed gets the publication as it goes on */
    void run(Incoming incoming, ConversationId conversation, Publication publication, Consumer<Publication> passed) {
        FilterQuestion question = FilterQuestion.newBuilder()
                .setConversation(conversation.value())
                .setUser(origin.getUser())
                .setDevice(origin.getDevice())
                .setPublication(publication)
                .build();
        asking.ask(
                incoming, () -> filters.filter(question), filtered -> settle(incoming, publication, filtered, passed));
    }

    private static void settle(
            Incoming incoming, Publication before, PublicationFilters.Filtered filtered, Consumer<Publication> passed) {
        if (!filtered.refusal().isEmpty()) {
            incoming.refuse(Outcome.NOT_ALLOWED, filtered.refusal());
            return;
        }
        try {
            if (!filtered.publication().equals(before)) {
                Publications.requireDeliverable(filtered.publication());
            }
        } catch (MalformedPayload e) {
            incoming.refuse(Outcome.TOO_LARGE, "as a plugin changed it: " + e.getMessage());
            return;
        }
        passed.accept(filtered.publication());
    }
}
