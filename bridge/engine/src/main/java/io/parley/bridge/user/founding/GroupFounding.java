package io.parley.bridge.user.founding;

import static io.parley.bridge.Replies.refusal;

import com.google.common.hash.Hashing;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.GroupRequest;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.AdmissionRules;
import io.parley.bridge.user.admission.Spending;
import io.parley.protocol.ConversationId;
import io.parley.protocol.TextLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.wire.ErrorCode;
import java.nio.charset.StandardCharsets;

/** Requests for new groups: whether they may be, and which came before. */
public final class GroupFounding implements UserHandlers.Feature {
    private static final long REQUEST_WINDOW_SECONDS = 600;

    private final UserLimits limits;
    private final Spending spending;
    private final AdmissionRules admission;

    public GroupFounding(UserLimits limits, Spending spending, AdmissionRules admission) {
        this.limits = limits;
        this.spending = spending;
        this.admission = admission;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.OPEN_GROUP, this::open);
    }

    public UserDecision open(UserState state, UserCommand command, long nowMillis) {
        OpenGroup open = command.getOpenGroup();
        if (!TextLimit.GROUP_NAME.allows(open.getGroup().getName())) {
            return refused(command, ErrorCode.BAD_REQUEST, TextLimit.GROUP_NAME.exceeded());
        }
        if (!open.getGroup().getMembersList().stream().allMatch(UserId::isValid)) {
            return refused(command, ErrorCode.BAD_REQUEST, "members are user ids: 1-64 of [a-z0-9_.-]");
        }
        long nowSeconds = nowMillis / 1000;
        long hash = hash(command);
        GroupRequests.Builder remembered = GroupRequests.newBuilder();
        for (GroupRequest request : state.groupRequests().getRequestsList()) {
            boolean recent = nowSeconds - request.getAtSeconds() <= REQUEST_WINDOW_SECONDS;
            if (recent && request.getHash() == hash && !command.getRequestId().isEmpty()) {
                // The same request came again (a DUP, a reconnect): it is about the same group, which answers what is
                // true of it now.
                return UserDecision.none().and(create(command, request.getConversation()));
            }
            if (recent) {
                remembered.addRequests(request);
            }
        }
        if (admission.isFull(state)) {
            return refused(
                    command,
                    ErrorCode.NOT_ALLOWED,
                    "you are in " + limits.conversations() + " conversations, the most that one user may be in");
        }
        UserChange spent = spending.group(state, nowMillis);
        if (spent == null) {
            return refused(
                    command,
                    ErrorCode.RATE_LIMITED,
                    "you founded " + limits.groupsAnHour()
                            + " groups within an hour, the most that one user may: wait some minutes");
        }
        while (remembered.getRequestsCount() >= limits.groupRequests()) {
            remembered.removeRequests(0);
        }
        remembered.addRequests(GroupRequest.newBuilder()
                .setHash(hash)
                .setConversation(open.getConversation())
                .setAtSeconds((int) nowSeconds));
        return UserDecision.none()
                .and(spent)
                .and(new UserChange.GroupRequested(remembered.build()))
                .and(create(command, open.getConversation()));
    }

    private static UserDecision refused(UserCommand command, ErrorCode code, String reason) {
        return UserDecision.none()
                .and(Replies.error(command.getOrigin(), command.getRequestId(), refusal(code, reason)));
    }

    /** A request id is one device's: two devices may choose the same. No name of a device contains the zero. */
    private static long hash(UserCommand command) {
        return Hashing.sipHash24()
                .newHasher()
                .putString(command.getOrigin().getDevice(), StandardCharsets.UTF_8)
                .putByte((byte) 0)
                .putString(command.getRequestId(), StandardCharsets.UTF_8)
                .putInt(0)
                .putBytes(command.getOpenGroup().getGroup().toByteArray())
                .hash()
                .asLong();
    }

    private static Effect create(UserCommand command, String conversation) {
        return new Effect.TellConversation(
                ConversationId.parse(conversation),
                ConversationCommand.newBuilder()
                        .setOrigin(command.getOrigin())
                        .setRequestId(command.getRequestId())
                        .setCreateGroup(command.getOpenGroup().getGroup())
                        .build());
    }
}
