package io.parley.bridge.conversation;

import com.google.protobuf.Timestamp;
import io.parley.bridge.Effect;
import io.parley.bridge.state.Route;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what follows from a command. The same state, command and time give the same decision. */
public final class ConversationRules {
    private final MembershipRules membership;
    private final WakeRules wakes;
    private final NotifyRules notify;
    private final SignalRules signals;
    private final BlockRules blocks;
    private final DeviceRules devices;
    private final MessageRules messages;
    private final SettingRules settings;
    private final RetentionRules retention;
    private final ErasureRules erasure;
    private final AdmissionRules admission;
    private final DecliningRules declining;
    private final SummaryRules summaries;
    private final SweepRules sweeps;

    /** @param limits what the operator allows */
    public ConversationRules(ConversationLimits limits) {
        retention = new RetentionRules(limits);
        UnreadRules unread = new UnreadRules(retention);
        wakes = new WakeRules(retention, unread);
        notify = new NotifyRules(retention, unread);
        membership = new MembershipRules(this, limits.sizes().members());
        signals = new SignalRules(wakes, limits.presenceMembers(), limits.presenceBlocks());
        blocks = new BlockRules(signals);
        devices = new DeviceRules(signals, wakes);
        messages = new MessageRules(this, limits);
        settings = new SettingRules(this, limits);
        erasure = new ErasureRules(this, membership, signals);
        admission = new AdmissionRules(messages);
        declining = new DecliningRules(this, membership);
        summaries = new SummaryRules(unread);
        sweeps = new SweepRules(limits.dormancy(), retention);
    }

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public Decision decide(ConversationState state, ConversationCommand command, long nowMillis) {
        Decision decision = decided(state, command, nowMillis);
        retention.follow(state, signals.follow(state, decision), nowMillis);
        sweeps.follow(state, decision, nowMillis);
        return notify.follow(state, command, decision, nowMillis);
    }

    private Decision decided(ConversationState state, ConversationCommand command, long nowMillis) {
        return AdmissionRules.isBefore(state) ? before(state, command, nowMillis) : within(state, command, nowMillis);
    }

    /** Of a conversation of two in which nothing was said nothing is kept but whether it may begin. */
    private Decision before(ConversationState state, ConversationCommand command, long nowMillis) {
        return switch (command.getCommandCase()) {
            case SEND_MESSAGE -> admission.write(state, command, nowMillis);
            case ADMITTED -> admission.admitted(state, command.getAdmitted());
            case ADMISSION_REFUSED -> admission.refused(state, command.getAdmissionRefused());
            case ADMISSION_OVER -> admission.over(state);
            case BLOCK_CHANGED -> admission.block(state, command.getBlockChanged());
            case ERASE_MEMBER ->
                admission.erase(state, UserId.parse(command.getEraseMember().getUser()));
            case ATTACH -> admission.attach(state, command.getOrigin(), command.getAttach(), nowMillis);
            case SET_RETENTION, SET_READ_RECEIPTS -> AdmissionRules.refuseSetting(state, command);
            case REPORT_CURSORS, TYPING_NOW, PRIVACY_CHANGED, EXPECT_DEVICE, ASK_FOR_WAKE -> Decision.none();
            case NOTIFY_EACH, UNACKNOWLEDGED, NOTIFY_SLICE -> Decision.none();
            default -> within(state, command, nowMillis);
        };
    }

    private Decision within(ConversationState state, ConversationCommand command, long nowMillis) {
        return switch (command.getCommandCase()) {
            case SEND_MESSAGE -> messages.publish(state, command, nowMillis);
            case RENAME, DESCRIBE, SET_AVATAR, SET_ANNOUNCEMENT, SET_ADD_RIGHT, SET_RETENTION, SET_READ_RECEIPTS ->
                settings.decide(state, command, nowMillis);
            case ATTACH -> devices.attach(state, command.getOrigin(), command.getAttach(), nowMillis);
            case DETACH -> devices.detach(state, command.getDetach());
            case REPORT_CURSORS -> devices.report(state, command.getReportCursors(), nowMillis);
            case TYPING_NOW -> signals.typing(state, command.getOrigin(), command.getTypingNow());
            case PRESENCE_CHANGED ->
                signals.presence(state, command.getPresenceChanged().getPresence());
            case PRIVACY_CHANGED -> signals.privacy(state, command.getPrivacyChanged());
            case FORGET_DEVICE -> devices.forget(state, command.getForgetDevice());
            case BLOCK_CHANGED -> blocks.block(state, command.getBlockChanged());
            case EXPECT_DEVICE -> devices.expect(state, command.getExpectDevice(), nowMillis);
            case ASK_FOR_WAKE -> wakes.ask(state, command.getAskForWake(), nowMillis);
            case NOTIFY_EACH -> notify.each(state, command.getNotifyEach(), nowMillis);
            case UNACKNOWLEDGED ->
                notify.unacknowledged(state, command.getOrigin(), command.getUnacknowledged(), nowMillis);
            case NOTIFY_SLICE -> notify.slice(state, command.getNotifySlice(), nowMillis);
            case ERASE_MEMBER -> erasure.erase(state, command.getEraseMember(), nowMillis);
            case SUMMARIZE -> summaries.summarize(state, command, nowMillis);
            case TELL_SIGNALS -> signals.tell(state);
            case PURGE_DELIVERED -> wakes.purged(retention.purge(state, nowMillis), state, nowMillis);
            case SWEEP_CONVERSATION -> sweeps.sweep(state, nowMillis);
            case MEMBER_DECLINED -> declining.declined(state, command.getMemberDeclined());
            case REMOVE_DECLINED -> declining.remove(state, nowMillis);
            case TELL_JOINED -> membership.tellJoined(state, command.getTellJoined());
            case ADD_INVITED -> membership.addInvited(state, command, nowMillis);
            // Late: the conversation began with another answer.
            case ADMITTED, ADMISSION_REFUSED, ADMISSION_OVER -> Decision.none();
            default -> membership.decide(state, command, nowMillis);
        };
    }

    /** The seq after the head and the sequenced changes already decided. */
    int nextSeq(Decision decision, ConversationState state) {
        long before = decision.changes().stream()
                .filter(Change.Sequenced.class::isInstance)
                .count();
        return state.head().getSeq() + 1 + (int) before;
    }

    /**
     * Gives the event its place: the next seq after the head and the sequenced changes already decided, a time that never runs
     * backwards, and its way to history and to every node with devices here. The first event of a conversation of two makes it known to both.
     */
    Decision sequence(
            Decision decision,
            ConversationState state,
            UserId from,
            ChatEvent.Builder event,
            long nowMillis,
            List<String> removed) {
        int seq = nextSeq(decision, state);
        long atMillis = Math.max(nowMillis, state.head().getAtMillis());
        ChatEvent made = event.setSeq(seq)
                .setFrom(from.value())
                .setAt(Timestamp.newBuilder()
                        .setSeconds(Math.floorDiv(atMillis, 1000L))
                        .setNanos((int) Math.floorMod(atMillis, 1000L) * 1_000_000))
                .build();
        decision.and(new Change.Sequenced(made)).and(new Effect.Publish(state.id(), made, retention.of(state)));
        Delivery delivery = Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder()
                        .setSeq(seq)
                        .setEvent(made.toByteString())
                        .addAllRemoved(removed))
                .build();
        for (Route route : state.routes()) {
            decision.and(new Effect.Deliver(route.getSlot(), state.id().value(), delivery));
        }
        Notice notice = notify.notice(state, made);
        if (seq == state.head().getSeq() + 1) {
            wakes.event(decision, state, made, notice, nowMillis);
        }
        if (state.id().isDirect() && seq == 1) {
            state.members().forEach(user -> decision.and(begun(state, user, from, made, notice)));
        }
        notify.event(decision, state, made, notice, nowMillis);
        return decision;
    }

    private static Effect begun(
            ConversationState state, UserId user, UserId by, ChatEvent event, @Nullable Notice notice) {
        Notice shown = NotifyRules.of(notice, event.getMentionsList(), user);
        JoinedConversation.Builder joined = JoinedConversation.newBuilder()
                .setConversation(state.id().value())
                .setBy(by.value())
                .setSeq(event.getSeq());
        if (shown != null) {
            joined.setNotice(shown);
        }
        return new Effect.TellUser(
                user, UserCommand.newBuilder().setJoinedConversation(joined).build());
    }
}
