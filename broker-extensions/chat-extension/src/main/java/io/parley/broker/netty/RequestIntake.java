package io.parley.broker.netty;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.parley.broker.netty.OpenRequests.Asked;
import io.parley.broker.request.Requests;
import io.parley.delivery.DeviceSession;
import io.parley.gateway.publishing.ChatSteps;
import io.parley.gateway.publishing.Incoming;
import io.parley.gateway.publishing.Publishing;
import io.parley.protocol.LegibleText;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.TextLimit;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import org.jspecify.annotations.Nullable;

/** Takes the requests of a device and brings each its answer. On the event loop. */
final class RequestIntake implements Publishing.Requests {
    private static final FieldDescriptor REQUEST_ID =
            Request.getDescriptor().findFieldByNumber(Request.REQUEST_ID_FIELD_NUMBER);

    private final MqttLink link;
    private final DeviceSession session;
    private final Requests requests;

    RequestIntake(MqttLink link, DeviceSession session, Requests requests) {
        this.link = link;
        this.session = session;
        this.requests = requests;
    }

    /** Handles a request; fails when not even its id can be read. */
    @Override
    public void take(Incoming taken) throws MalformedPayload {
        byte[] payload = taken.payload();
        byte[] correlation = taken.correlation();
        Request.Builder request = Request.newBuilder();
        try {
            link.format().decode(payload, request);
            if (!TextLimit.REQUEST_ID.allows(request.getRequestId())) {
                throw new MalformedPayload(TextLimit.REQUEST_ID.exceeded());
            }
        } catch (MalformedPayload e) {
            String id = LegibleText.find(payload, link.format(), REQUEST_ID)
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
        Requests.refuse(request, reason, new Appended(asked, taken));
    }

    private void handle(Request request, byte @Nullable [] correlation, Incoming taken) {
        Asked asked = OpenRequests.name(request, correlation);
        taken.isRequest(asked);
        Request named = request.toBuilder().setRequestId(asked.id()).build();
        boolean room;
        if (Requests.reads(named)) {
            taken.accept();
            room = link.replies().read(() -> requests.handle(session.origin(), named, new Read(asked)));
        } else {
            room = link.replies().requests().open(asked);
            if (room) {
                requests.handle(session.origin(), named, new Appended(asked, taken));
            }
        }
        if (!room) {
            Requests.limited(named, new Appended(asked, taken));
        }
    }

    /** Acknowledged when the log has it. */
    private final class Appended implements Requests.Answer {
        private final Asked asked;
        private final Incoming taken;

        Appended(Asked asked, Incoming taken) {
            this.asked = asked;
            this.taken = taken;
        }

        @Override
        public void taken(@Nullable Exception failure) {
            link.onShard(() -> {
                if (failure != null) {
                    link.replies().requests().close(asked);
                }
                if (failure == null) {
                    taken.accept();
                } else {
                    requests.outages().report("log", failure);
                    taken.fail();
                }
            });
        }

        @Override
        public void reply(Reply reply) {
            link.onShard(() -> link.replies().answer(asked, reply));
        }
    }

    /** Acknowledged before it began: what only reads changes nothing. */
    private final class Read implements Requests.Answer {
        private final Asked asked;

        Read(Asked asked) {
            this.asked = asked;
        }

        @Override
        public void taken(@Nullable Exception failure) {}

        @Override
        public void reply(Reply reply) {
            link.onShard(() -> link.replies().readAnswer(asked, reply));
        }
    }
}
