package io.parley.gateway.publishing;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.parley.gateway.CommandLog;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.subscribing.Permission;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.LegibleText;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.Publications;
import io.parley.protocol.PublishTopic;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Typing;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The steps of the pipeline for what is published to conversations. One for a connection; on its shard. */
public final class ChatSteps {
    /** The longest refused id that a refusal repeats: it has to fit into a packet itself. */
    public static final int MAX_ECHOED_LENGTH = 1_024;

    private static final FieldDescriptor MESSAGE_ID =
            Publication.getDescriptor().findFieldByNumber(Publication.ID_FIELD_NUMBER);
    private static final long RETRY_MILLIS = 200;

    private final DeviceSession session;
    private final UserId user;
    private final CommandLog log;
    private final WireFormat format;
    private final Publisher publisher;
    private final Throttle throttle;
    private final Supplier<String> ids;
    private final Consumer<Exception> outage;
    private final FilterStep filters;
    private final AttachmentCheck attachments;
    private final Asking checking;

    /** The message that the pipeline takes; null when it is none. */
    private @Nullable Publication message;

    /** What the parsed publication asks for; the pipeline takes one at a time up to the log. */
    private @Nullable Action action;

    private interface Action {
        /** 0: done; else how many milliseconds to wait before the next attempt. */
        long run(Incoming incoming, ConversationId conversation);
    }

    /**
     * @param ids makes the ids of messages that have none
     * @param outage told when the log does not take a message, or plugins or attachments cannot be asked about; called on the shard
     * @param filters asked of each message
     * @param attachments asked of each message that names some
     */
    public ChatSteps(
            DeviceSession session,
            UserId user,
            CommandLog log,
            Publisher publisher,
            Throttle throttle,
            Supplier<String> ids,
            Consumer<Exception> outage,
            PublicationFilters filters,
            AttachmentCheck attachments) {
        this.session = session;
        this.user = user;
        this.log = log;
        this.format = publisher.format();
        this.publisher = publisher;
        this.throttle = throttle;
        this.ids = ids;
        this.outage = outage;
        this.filters = new FilterStep(filters, session.origin(), publisher, outage);
        this.attachments = attachments;
        this.checking = new Asking(publisher, outage, "attachments cannot be checked");
    }

    /** Step 1: what it is. */
    void parse(Incoming incoming, Runnable next) throws MalformedPayload {
        action = null;
        message = null;
        if (incoming.fault() != null) {
            incoming.refuse(Outcome.NOT_OFFERED, incoming.fault());
            return;
        }
        if (incoming.topic() instanceof PublishTopic.Chat chat) {
            action = action(incoming, chat.feed());
        } else if (!(incoming.topic() instanceof PublishTopic.Request request)
                || !request.user().equals(user)) {
            incoming.refuse(Outcome.NOT_ALLOWED, "nothing may be published on this topic");
            return;
        }
        next.run();
    }

    private Action action(Incoming incoming, Feed feed) throws MalformedPayload {
        switch (feed) {
            case MSG -> {
                return sending(publication(incoming));
            }
            case RECEIPT -> {
                int read = read(incoming.payload());
                return (one, conversation) -> done(one, () -> session.read(conversation, read));
            }
            default -> {
                Typing.Builder typing = Typing.newBuilder();
                format.decode(incoming.payload(), typing);
                return (one, conversation) -> done(one, () -> session.typing(conversation, typing.getTyping()));
            }
        }
    }

    private Action sending(Publication publication) {
        message = publication;
        return (one, conversation) -> send(one, conversation, publication);
    }

    private static long done(Incoming incoming, Runnable task) {
        task.run();
        incoming.accept();
        return 0;
    }

    private Publication publication(Incoming incoming) throws MalformedPayload {
        try {
            Publication publication = Publications.read(incoming.payload(), format, incoming.properties());
            incoming.isMessage(publication.getId());
            return publication.getId().isEmpty()
                    ? publication.toBuilder().setId(ids.get()).build()
                    : publication;
        } catch (MalformedPayload e) {
            LegibleText.find(incoming.payload(), format, MESSAGE_ID)
                    .filter(id -> id.length() <= MAX_ECHOED_LENGTH)
                    .ifPresent(incoming::isMessage);
            throw e;
        }
    }

    private int read(byte[] payload) throws MalformedPayload {
        ReadReceipt.Builder receipt = ReadReceipt.newBuilder();
        format.decode(payload, receipt);
        if (receipt.getRead() <= 0) {
            throw new MalformedPayload("read must be the seq of a message, 1 or more");
        }
        return receipt.getRead();
    }

    /** Step 2: how long to wait until it is within the user's limits; 0 when it is. */
    long throttle(UserId publishing, Incoming incoming) {
        boolean request = incoming.topic() instanceof PublishTopic.Request;
        int bytes = incoming.payload().length;
        long millis = request ? throttle.request(publishing, bytes) : throttle.message(publishing, bytes);
        if (millis == Throttle.NEVER) {
            incoming.refuse(Outcome.TOO_LARGE, "the payload is larger than a user may publish in ten seconds");
            return 0;
        }
        return millis;
    }

    /** Step 3: whether the user may publish there. */
    void rights(Incoming incoming, Runnable next) {
        if (!(incoming.topic() instanceof PublishTopic.Chat chat)) {
            next.run();
            return;
        }
        session.subscriptions().mayPublish(chat.conversation(), chat.feed(), right -> {
            Error refusal = right.refusal();
            if (right.permission() == Permission.GRANTED) {
                next.run();
            } else if (right.permission() == Permission.UNKNOWN || isUndecided(refusal)) {
                incoming.fail();
            } else if (refusal == null) {
                incoming.refuse(Outcome.NOT_A_MEMBER, "you are not a member of this conversation");
            } else {
                incoming.refuse(refusal);
            }
        });
    }

    private static boolean isUndecided(@Nullable Error refusal) {
        return refusal != null && refusal.getCode() == ErrorCode.UNAVAILABLE;
    }

    /** Step 4: whether plugins let it pass, and how. Without plugins it passes at once. */
    void filters(Incoming incoming, Runnable next) {
        Publication publication = message;
        if (publication == null || !filters.isOn() || !(incoming.topic() instanceof PublishTopic.Chat chat)) {
            next.run();
            return;
        }
        filters.run(incoming, chat.conversation(), publication, passed -> {
            action = sending(passed);
            next.run();
        });
    }

    /** Step 5: whether the user may send its attachments. A message without any passes at once. */
    void attachments(Incoming incoming, Runnable next) {
        Publication named = message;
        if (named == null || named.getAttachmentsCount() == 0) {
            next.run();
            return;
        }
        checking.ask(
                incoming,
                () -> attachments.check(user, named.getAttachmentsList()),
                checked -> checked(incoming, named, checked, next));
    }

    private void checked(Incoming incoming, Publication named, AttachmentCheck.Checked checked, Runnable next) {
        if (checked.isRefused()) {
            incoming.refuse(Outcome.NOT_ALLOWED, checked.refusal());
            return;
        }
        Publication filled = named.toBuilder()
                .clearAttachments()
                .addAllAttachments(checked.attachments())
                .build();
        try {
            Publications.requireDeliverable(filled);
        } catch (MalformedPayload e) {
            incoming.refuse(Outcome.TOO_LARGE, e.getMessage());
            return;
        }
        action = sending(filled);
        next.run();
    }

    /** Step 6: puts it into the log. Returns 0 when the log holds it for its partition, else how many milliseconds to wait. */
    long append(Incoming incoming) {
        Action now = action;
        if (now == null || !(incoming.topic() instanceof PublishTopic.Chat chat)) {
            return 0;
        }
        return now.run(incoming, chat.conversation());
    }

    private long send(Incoming incoming, ConversationId conversation, Publication publication) {
        ConversationCommand command = ConversationCommand.newBuilder()
                .setOrigin(session.origin())
                .setRequestId(publisher.requestId(incoming))
                .setSendMessage(SendMessage.newBuilder().setPublication(publication))
                .build();
        boolean[] full = new boolean[1];
        log.append(conversation, command, failure -> {
            if (failure instanceof RejectedExecutionException) {
                full[0] = true;
            } else {
                publisher.onShard(() -> logged(incoming, failure));
            }
        });
        return full[0] ? RETRY_MILLIS : 0;
    }

    private void logged(Incoming incoming, @Nullable Exception failure) {
        if (failure == null) {
            incoming.accept();
        } else {
            outage.accept(failure);
            incoming.fail();
        }
    }
}
