package io.parley.gateway.requesting;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.throttling.MemberThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Request.RequestCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request that names many members of groups costs as many. */
final class RequestsTest {
    private static final Origin ANN =
            Origin.newBuilder().setUser("ann").setDevice("phone").build();

    private final List<RequestCase> handled = new ArrayList<>();
    private final List<ErrorCode> errors = new ArrayList<>();
    private final RequestHandler handler = (origin, request, answer) -> handled.add(request.getRequestCase());
    /** What is taken does not come back during the test. */
    private final Requests requests = new Requests(Map.of(
                    RequestCase.CREATE_GROUP, handler,
                    RequestCase.ADD_MEMBERS, handler,
                    RequestCase.REMOVE_MEMBERS, handler,
                    RequestCase.LIST_DEVICES, handler))
            .limitedBy(new MemberThrottle(new Rate(6, Duration.ofDays(1))));

    @Test
    void members_of_all_kinds_of_requests_count_together_and_other_requests_pass() {
        List<String> two = List.of("ben", "cid");
        ask(Request.newBuilder().setCreateGroup(CreateGroup.newBuilder().addAllMembers(two)));
        ask(Request.newBuilder().setAddMembers(AddMembers.newBuilder().addAllUsers(two)));
        ask(Request.newBuilder().setRemoveMembers(RemoveMembers.newBuilder().addAllUsers(two)));
        assertThat(errors).isEmpty();

        ask(Request.newBuilder().setAddMembers(AddMembers.newBuilder().addUsers("dan")));
        ask(Request.newBuilder().setListDevices(ListDevices.getDefaultInstance()));

        assertThat(errors).containsExactly(ErrorCode.RATE_LIMITED);
        assertThat(handled)
                .containsExactly(
                        RequestCase.CREATE_GROUP,
                        RequestCase.ADD_MEMBERS,
                        RequestCase.REMOVE_MEMBERS,
                        RequestCase.LIST_DEVICES);
    }

    private void ask(Request.Builder request) {
        requests.handle(ANN, request.setRequestId("r").build(), new Errors());
    }

    private final class Errors implements Answer {
        @Override
        public void taken(@Nullable Exception failure) {}

        @Override
        public WireFormat format() {
            return WireFormat.JSON;
        }

        @Override
        public int listBytes() {
            return 0;
        }

        @Override
        public void reply(Reply reply) {
            errors.add(reply.getError().getCode());
        }
    }
}
