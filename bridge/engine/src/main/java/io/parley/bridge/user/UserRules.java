package io.parley.bridge.user;

import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.tell;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.Moved;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.DrainedConversation;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Added;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Removed;
import io.parley.protocol.wire.Reply;
import java.util.Map;

/** Decides what follows from a command to a user. The same state, command and time give the same decision. */
public final class UserRules {
    private final UserLimits limits;
    private final Spending spending;
    private final AdmissionRules admission;
    private final InvitationRules invitations;
    private final Blocking blocking;
    private final GroupFounding groups;
    private final PresenceRules presence;
    private final ConnectionRules connections;
    private final DepartureRules departures;
    private final SubscriptionRules subscriptions = new SubscriptionRules();
    private final InboxRules inbox = new InboxRules();
    private final EndingRules endings = new EndingRules();
    private final DeviceRequests devices;
    private final UserErasure erasure;
    private final PushRules push;

    /**
     * Rules under limits of the operator.
     *
     * @param graceMillis a user is offline when no device has been connected for so long
     * @param limits what each user may do
     */
    public UserRules(long graceMillis, UserLimits limits) {
        this(graceMillis, limits, PushLimits.defaults());
    }

    /** @param pushLimits how users are notified */
    public UserRules(long graceMillis, UserLimits limits, PushLimits pushLimits) {
        this.limits = limits;
        this.spending = new Spending(limits);
        this.admission = new AdmissionRules(limits, spending);
        this.invitations = new InvitationRules(limits.consent(), admission);
        this.blocking = new Blocking(limits, spending);
        this.groups = new GroupFounding(limits, spending, admission);
        this.presence = new PresenceRules(graceMillis);
        SessionRules sessions = new SessionRules();
        this.connections = new ConnectionRules(presence, sessions);
        this.departures = new DepartureRules(presence, sessions);
        this.devices = new DeviceRequests(presence, sessions);
        this.erasure = new UserErasure(devices);
        this.push = new PushRules(limits, pushLimits, spending);
    }

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public UserDecision decide(UserState state, UserCommand command, long nowMillis) {
        return push.follow(state, command, decided(state, command, nowMillis), nowMillis);
    }

    private UserDecision decided(UserState state, UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        return switch (command.getCommandCase()) {
            case DEVICE_CONNECTED -> connections.connected(state, origin, command.getDeviceConnected(), nowMillis);
            case DEVICE_DISCONNECTED ->
                departures.disconnected(state, origin, command.getDeviceDisconnected(), nowMillis);
            case SUBSCRIBE -> subscriptions.subscribe(state, origin, command.getSubscribe());
            case UNSUBSCRIBE -> subscriptions.unsubscribe(state, origin, command.getUnsubscribe());
            case SESSIONS_OVER -> endings.slice(departures.timeIsOver(state, nowMillis), state);
            case NODE_GONE -> departures.nodeGone(state, command.getNodeGone().getNode(), nowMillis);
            case GRACE_OVER -> presence.graceOver(state, nowMillis);
            case SET_PRIVACY -> privacy(state, command, nowMillis);
            case BLOCK -> blocking.change(state, command, command.getBlock().getUser(), true, nowMillis);
            case UNBLOCK -> blocking.change(state, command, command.getUnblock().getUser(), false, nowMillis);
            case TELL_BLOCK -> Blocking.tellGroups(state, command.getTellBlock());
            case TELL_BLOCKS -> Blocking.among(state, command.getTellBlocks());
            case LIST_DEVICES -> DeviceRequests.list(state, command, nowMillis);
            case LIST_CONVERSATIONS -> ListingRules.list(state, command, nowMillis);
            case REMOVE_DEVICE -> devices.remove(state, command, nowMillis);
            case ERASE_USER -> erasure.erase(state, command.getEraseUser());
            case JOINED_CONVERSATION -> joined(state, command, nowMillis);
            case LEFT_CONVERSATION -> left(state, command);
            case DRAINED_CONVERSATION -> drained(command.getDrainedConversation());
            case WAKE -> inbox.wake(state, command.getWake(), nowMillis);
            case COUNTED -> InboxRules.counted(state, command.getCounted());
            case WATCH_PRESENCE -> presence.watch(state, command.getWatchPresence());
            case SETTLED -> inbox.settled(state, origin, command.getSettled());
            case OPEN_GROUP -> groups.open(state, command, nowMillis);
            case ASK_ADMISSION -> admission.ask(state, command.getAskAdmission(), nowMillis);
            case ADMIT -> admission.admit(state, command.getAdmit());
            case MEMBERS_DECLINED -> AdmissionRules.declined(state, command.getMembersDeclined());
            case PUSH_REQUEST -> push.request(state, command, nowMillis);
            case NOTIFY -> push.notify(state, command.getNotify(), nowMillis);
            case NOTIFY_OVER -> push.over(state, command.getNotifyOver(), nowMillis);
            case TOKEN_STEP -> push.step(state, command, nowMillis);
            case TOKEN_GONE -> TokenRules.gone(state, command.getTokenGone());
            case PUSH_DUE -> push.due(state, nowMillis);
            case ACCEPT_INVITATION -> invitations.accept(state, command, nowMillis);
            case DECLINE_INVITATION -> InvitationRules.decline(state, command, nowMillis);
            case LIST_INVITATIONS -> InvitationRules.list(state, command, nowMillis);
            case INVITATIONS_OVER -> InvitationRules.over(state, nowMillis);
            case SWEEP_USER -> WindowRules.sweep(state, nowMillis);
            case TELL_PRIVACY -> presence.tellPrivacy(state, command.getTellPrivacy());
            case KNOW_USER -> know(state, nowMillis);
            default -> throw new IllegalArgumentException("unknown command " + command.getCommandCase());
        };
    }

    private UserDecision privacy(UserState state, UserCommand command, long nowMillis) {
        UserDecision decision = presence.privacy(state, command);
        if (decision.changes().isEmpty()) {
            return decision;
        }
        UserChange spent = spending.toldSetting(state, nowMillis);
        return spent == null ? Blocking.tooManySettings(command, limits) : decision.and(spent);
    }

    private static UserDecision know(UserState state, long nowMillis) {
        return state.isKnown() ? UserDecision.none() : UserDecision.none().and(new UserChange.MadeKnown(nowMillis));
    }

    private UserDecision joined(UserState state, UserCommand command, long nowMillis) {
        ConversationId conversation =
                ConversationId.parse(command.getJoinedConversation().getConversation());
        ErrorCode refused = admission.refuses(state, conversation, command.getJoinedConversation());
        if (refused != null) {
            UserDecision declined =
                    AdmissionRules.decline(state, conversation, command.getJoinedConversation(), refused);
            return refused == ErrorCode.AWAITS_CONSENT
                    ? invitations.invite(declined, state, conversation, command.getJoinedConversation(), nowMillis)
                    : declined;
        }
        String by = command.getJoinedConversation().getBy();
        UserDecision decision = UserDecision.none();
        if (state.invitations().containsKey(conversation)) {
            decision.and(new UserChange.InvitationEnded(conversation));
        }
        decision.and(new UserChange.Joined(
                        conversation, command.getJoinedConversation().getSeq()))
                .and(new UserChange.ConversationMoved(
                        conversation,
                        Moved.newBuilder()
                                .setTold(command.getJoinedConversation().getSeq())
                                .build()));
        boolean news = !conversation.isDirect() && !by.equals(state.id().value());
        Blocking.introduce(
                decision, state, conversation, command.getJoinedConversation().getSeq());
        for (Map.Entry<String, Device> entry : state.devices().entrySet()) {
            Device device = entry.getValue();
            if (!Sessions.isOver(device, nowMillis)) {
                Attaching.joined(decision, state, entry.getKey(), device, conversation);
            }
            if (news && isConnected(device)) {
                Reply.Builder added = Reply.newBuilder()
                        .setAdded(Added.newBuilder()
                                .setConversation(conversation.value())
                                .setBy(by));
                decision.and(tell(state.id(), entry.getKey(), device, added));
            }
        }
        return presence.introduce(decision, state, conversation);
    }

    private static UserDecision left(UserState state, UserCommand command) {
        ConversationId conversation =
                ConversationId.parse(command.getLeftConversation().getConversation());
        String by = command.getLeftConversation().getBy();
        UserDecision decision = UserDecision.none()
                .and(
                        command.getLeftConversation().getOwed()
                                ? new UserChange.Departed(conversation)
                                : new UserChange.Left(conversation));
        if (!by.equals(state.id().value()) && state.isIn(conversation)) {
            Reply.Builder removed = Reply.newBuilder()
                    .setRemoved(Removed.newBuilder()
                            .setConversation(conversation.value())
                            .setBy(by));
            state.devices().forEach((name, device) -> {
                if (isConnected(device)) {
                    decision.and(tell(state.id(), name, device, removed));
                }
            });
        }
        return decision;
    }

    private static UserDecision drained(DrainedConversation drained) {
        return UserDecision.none().and(new UserChange.Drained(ConversationId.parse(drained.getConversation())));
    }
}
