package io.parley.gateway.requesting;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.publishing.ChatSteps;
import io.parley.gateway.publishing.Incoming;
import io.parley.gateway.publishing.Publishing;
import io.parley.gateway.requesting.OpenRequests.Asked;
import io.parley.protocol.LegibleText;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.TextLimit;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import org.jspecify.annotations.Nullable;

/** Takes the requests of a device and brings each its answer. On the connection's shard. */
public final class RequestIntake implements Publishing.Requests {
    private static final FieldDescriptor REQUEST_ID =
            Request.getDescriptor().findFieldByNumber(Request.REQUEST_ID_FIELD_NUMBER);

    private final AnswerQueue answers;
    private final DeviceSession session;
    private final Requests requests;
    private final Outages outages;

    /**
     * @param answers where the answers go
     * @param session whose requests these are
     * @param requests handles them
     * @param outages told when the log is out
     */
    public RequestIntake(AnswerQueue answers, DeviceSession session, Requests requests, Outages outages) {
        this.answers = answers;
        this.session = session;
        this.requests = requests;
        this.outages = outages;
    }

    /** Handles a request; fails when not even its id can be read. */
    @Override
    public void take(Incoming taken) throws MalformedPayload {
        byte[] payload = taken.payload();
        byte[] correlation = taken.correlation();
        Request.Builder request = Request.newBuilder();
        try {
            answers.format().decode(payload, request);
            if (!TextLimit.REQUEST_ID.allows(request.getRequestId())) {
                throw new MalformedPayload(TextLimit.REQUEST_ID.exceeded());
            }
        } catch (MalformedPayload e) {
            String id = LegibleText.find(payload, answers.format(), REQUEST_ID)
                    .filter(found -> found.length() <= ChatSteps.MAX_ECHOED_LENGTH)
                    .orElseThrow(() -> e);
            refuse(Request.newBuilder().setRequestId(id).build(), correlation, taken, String.valueOf(e.getMessage()));
            return;
        }
        handle(request.build(), correlation, taken);
    }

    private void refuse(Request request, byte @Nullable [] correlation, Incoming taken, String reason) {
        Asked asked = OpenRequests.name(request, correlation);
        taken.isRequest(asked);
        new Appended(asked, taken).refuse(request, reason);
    }

    private void handle(Request request, byte @Nullable [] correlation, Incoming taken) {
        Asked asked = OpenRequests.name(request, correlation);
        taken.isRequest(asked);
        Request named = request.toBuilder().setRequestId(asked.id()).build();
        boolean room;
        if (requests.onlyReads(named)) {
            taken.accept();
            room = answers.read(() -> requests.handle(session.origin(), named, new Read(asked)));
        } else {
            room = answers.requests().open(asked);
            if (room) {
                requests.handle(session.origin(), named, new Appended(asked, taken));
            }
        }
        if (!room) {
            Requests.limited(named, new Appended(asked, taken));
        }
    }

    /** Acknowledged when the log has it. */
    private final class Appended implements Answer {
        private final Asked asked;
        private final Incoming taken;

        Appended(Asked asked, Incoming taken) {
            this.asked = asked;
            this.taken = taken;
        }

        @Override
        public void taken(@Nullable Exception failure) {
            answers.onShard(() -> {
                if (failure == null) {
                    taken.accept();
                } else {
                    answers.requests().close(asked);
                    outages.report("log", failure);
                    taken.fail();
                }
            });
        }

        @Override
        public WireFormat format() {
            return answers.format();
        }

        @Override
        public int listBytes() {
            return answers.listBytes(asked);
        }

        @Override
        public void reply(Reply reply) {
            answers.onShard(() -> answers.answer(asked, reply));
        }
    }

    /** Acknowledged before it began: what only reads changes nothing. */
    private final class Read implements Answer {
        private final Asked asked;

        Read(Asked asked) {
            this.asked = asked;
        }

        @Override
        public void taken(@Nullable Exception failure) {}

        @Override
        public WireFormat format() {
            return answers.format();
        }

        @Override
        public int listBytes() {
            return answers.listBytes(asked);
        }

        @Override
        public void reply(Reply reply) {
            reply(reply, () -> {});
        }

        @Override
        public void reply(Reply reply, Runnable written) {
            answers.onShard(() -> answers.readAnswer(asked, reply, written));
        }
    }
}
