package io.parley.client;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.util.UUID;

/** What is said: kept, sent, accepted or refused, and back as an event. */
final class Sending {
    /** By it a message is known. */
    private record Said(ConversationId conversation, String id) {}

    private final ClientSettings settings;
    private final ClientThread thread;
    private final Outbox outbox;
    private final Awaited<Said, Boolean> accepted;
    private final Awaited<Said, Integer> sequenced;

    Sending(ClientSettings settings, ClientThread thread, ChatHandler handler, Outbox.Wire wire) {
        this.settings = settings;
        this.thread = thread;
        this.accepted = new Awaited<>(settings.mostUnsent());
        this.sequenced = new Awaited<>(settings.mostUnsent());
        this.outbox = new Outbox(wire, new Outcome(handler));
    }

    /** What an earlier program left. */
    void load() throws IOException {
        for (Unsent unsent : settings.store().load()) {
            outbox.say(unsent);
        }
    }

    Outbox outbox() {
        return outbox;
    }

    SentMessage send(ConversationId to, Publication.Builder publication) {
        if (publication.getId().isEmpty()) {
            publication.setId(UUID.randomUUID().toString());
        }
        Said said = new Said(to, publication.getId());
        Unsent unsent = new Unsent(to.value(), publication.build());
        SentMessage sent =
                new SentMessage(said.id(), accepted.await(said).thenAccept(taken -> {}), sequenced.await(said));
        thread.execute(() -> keep(said, unsent));
        return sent;
    }

    private void keep(Said said, Unsent unsent) {
        if (outbox.size() >= settings.mostUnsent()) {
            fail(
                    said,
                    new ParleyException(settings.mostUnsent()
                            + " messages are not acknowledged yet (mostUnsent): send this one later"));
            return;
        }
        try {
            settings.store().add(unsent);
            outbox.say(unsent);
        } catch (IOException e) {
            fail(said, new ParleyException("the message cannot be kept: " + e.getMessage(), e));
        }
    }

    private void fail(Said said, ParleyException why) {
        accepted.fail(said, why);
        sequenced.fail(said, why);
    }

    /** An event of the user's own has come back. */
    void cameBack(ConversationId conversation, ChatEvent event) {
        boolean unused = sequenced.answer(new Said(conversation, event.getId()), event.getSeq());
    }

    /** Something was refused after its PUBACK. */
    void refusedLater(Error error) {
        if (!error.getMessageId().isEmpty() && !error.getConversation().isEmpty()) {
            sequenced.fail(
                    new Said(ConversationId.parse(error.getConversation()), error.getMessageId()),
                    new ParleyException(error.getMessage(), error.getCode().name()));
        }
    }

    /** What became of what was said. */
    private final class Outcome implements Outbox.Listener {
        private final ChatHandler handler;

        Outcome(ChatHandler handler) {
            this.handler = handler;
        }

        @Override
        public void accepted(Unsent sent) {
            thread.execute(() -> {
                forget(sent);
                boolean unused = accepted.answer(said(sent), true);
            });
        }

        @Override
        public void refused(Unsent unsent, ParleyException why) {
            thread.execute(() -> {
                forget(unsent);
                fail(said(unsent), why);
                handler.refused(unsent, why);
            });
        }

        private void forget(Unsent unsent) {
            try {
                settings.store().remove(unsent);
            } catch (IOException e) {
                thread.log("an acknowledged message is still kept, and is sent again: it stays the same message", e);
            }
        }

        private static Said said(Unsent unsent) {
            return new Said(
                    ConversationId.parse(unsent.to()), unsent.publication().getId());
        }
    }
}
