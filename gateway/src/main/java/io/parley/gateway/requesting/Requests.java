package io.parley.gateway.requesting;

import io.parley.gateway.throttling.MemberThrottle;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Request.RequestCase;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests that a node answers: one handler for each kind. */
public final class Requests {
    private static final String TOO_MANY = "too many requests, slow down";

    private static final String TOO_MANY_MEMBERS =
            "your requests name too many members of groups at once: wait some seconds, or name fewer";

    private final Map<RequestCase, RequestHandler> handlers;
    private final @Nullable MemberThrottle members;

    /** @param handlers by the kind of request that each handles */
    public Requests(Map<RequestCase, RequestHandler> handlers) {
        this(handlers, null);
    }

    private Requests(Map<RequestCase, RequestHandler> handlers, @Nullable MemberThrottle members) {
        this.handlers = Map.copyOf(handlers);
        this.members = members;
    }

    /** The same requests, of which each user may name only so many members of groups. */
    public Requests limitedBy(MemberThrottle throttle) {
        return new Requests(handlers, throttle);
    }

    /** The same requests, and those to plugins. */
    public Requests withPlugins(PluginPort plugins, Outages outages) {
        Map<RequestCase, RequestHandler> all = new EnumMap<>(handlers);
        all.put(RequestCase.PLUGIN_REQUEST, new PluginRequestHandler(plugins, outages));
        return new Requests(all, members);
    }

    /** Whether a request only reads: it changes nothing, and its answer may be large. */
    public boolean onlyReads(Request request) {
        RequestHandler handler = handlers.get(request.getRequestCase());
        return handler != null && handler.onlyReads();
    }

    /**
     * Handles a request, or refuses it.
     *
     * @param origin the asking connection
     * @param request its request id must be set: the engine answers only such
     */
    public void handle(Origin origin, Request request, Answer answer) {
        RequestHandler handler = handlers.get(request.getRequestCase());
        if (handler == null) {
            boolean empty = request.getRequestCase() == RequestCase.REQUEST_NOT_SET;
            answer.refuse(request, empty ? "the request names nothing to do" : "not offered yet");
            return;
        }
        if (members != null && !members.take(UserId.parse(origin.getUser()), membersNamed(request))) {
            answer.refuse(request, ErrorCode.RATE_LIMITED, TOO_MANY_MEMBERS);
            return;
        }
        try {
            handler.handle(origin, request, answer);
        } catch (IllegalArgumentException e) {
            // Only typed ids and checks of single fields throw it, and they quote nothing.
            answer.refuse(request, String.valueOf(e.getMessage()));
        }
    }

    private static int membersNamed(Request request) {
        return switch (request.getRequestCase()) {
            case CREATE_GROUP -> request.getCreateGroup().getMembersCount();
            case ADD_MEMBERS -> request.getAddMembers().getUsersCount();
            case REMOVE_MEMBERS -> request.getRemoveMembers().getUsersCount();
            default -> 0;
        };
    }

    /** Refuses a request that is one too many. */
    static void limited(Request request, Answer answer) {
        answer.refuse(request, ErrorCode.RATE_LIMITED, TOO_MANY);
    }
}
