package io.parley.bridge.conversation.notify;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.unread.UnreadRules;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Notified;
import io.parley.bridge.state.Notifying;
import io.parley.bridge.state.Pointers;
import io.parley.protocol.MessagePreview;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.Notify;
import io.parley.protocol.log.NotifyEach;
import io.parley.protocol.log.NotifyOver;
import io.parley.protocol.log.NotifySlice;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.Unacknowledged;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells user machines of what their users may have to be notified. A member's user machine that asked for it is told each message of another, until a
 * device of the member is attached or acknowledges; then once more what makes notifications needless: that the member read it, or that it is gone.
 *
 * <p>An event tells {@value #SLICE} members at most, and asks the conversation to go on with the next ones: its transaction stays small. Nothing of what was
 * written is kept in a row.
 */
public final class NotifyRules implements ConversationHandlers.Feature {
    /** The most members who are told by one decision. */
    static final int SLICE = 128;

    private static final int FOR_EVER = -1;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** How far back a member's newest message of another is looked for. */
    private static final int LOOK_BACK = 256;

    private final RetentionRules retention;
    private final UnreadRules unread;

    public NotifyRules(RetentionRules retention, UnreadRules unread) {
        this.retention = retention;
        this.unread = unread;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.NOTIFY_EACH, (state, command, now) -> each(state, command.getNotifyEach(), now))
                .on(
                        CommandCase.UNACKNOWLEDGED,
                        (state, command, now) ->
                                unacknowledged(state, command.getOrigin(), command.getUnacknowledged(), now))
                .on(CommandCase.NOTIFY_SLICE, (state, command, now) -> slice(state, command.getNotifySlice(), now));
        for (CommandCase kind :
                List.of(CommandCase.NOTIFY_EACH, CommandCase.UNACKNOWLEDGED, CommandCase.NOTIFY_SLICE)) {
            handlers.before(kind, (state, command, now) -> Decision.none());
        }
    }

    /** What a notification can show of the event; null if it is no message. */
    public @Nullable Notice notice(ConversationState state, ChatEvent event) {
        if (!MessagePreview.isMessage(event)) {
            return null;
        }
        long atMillis = event.getAt().getSeconds() * 1000 + event.getAt().getNanos() / 1_000_000;
        return bare(state, event.getSeq(), event.getFrom(), atMillis)
                .setBody(MessagePreview.of(event))
                .build();
    }

    private Notice.Builder bare(ConversationState state, int seq, String sender, long atMillis) {
        int days = retention.of(state).getDays();
        return Notice.newBuilder()
                .setSeq(seq)
                .setAtMillis(atMillis)
                .setExpiresAtMillis(days == 0 ? 0 : atMillis + days * DAY_MILLIS)
                .setTitle(state.head().getName())
                .setSender(sender);
    }

    /** The same for one member; null for who wrote it. */
    public static @Nullable Notice of(@Nullable Notice notice, List<String> mentions, UserId user) {
        return notice == null || notice.getSender().equals(user.value())
                ? null
                : notice.toBuilder().setMention(mentions.contains(user.value())).build();
    }

    /** An event was sequenced. */
    public void event(
            Decision decision, ConversationState state, ChatEvent event, @Nullable Notice notice, long nowMillis) {
        NotifySlice.Builder slice = NotifySlice.newBuilder();
        if (notice != null) {
            tell(decision, state, slice.setNotice(notice).addAllMentions(event.getMentionsList()), nowMillis);
        } else if (event.hasDeleted()) {
            over(decision, state, over(state).setDeleted(event.getDeleted().getSeq()));
        } else if (event.hasUserErased()) {
            over(decision, state, over(state).setErased(event.getUserErased().getUser()));
        } else if (event.hasRetentionChanged()) {
            int days = retention.of(event.getRetentionChanged().getRetention()).getDays();
            over(decision, state, over(state).setKeptDays(days));
        }
    }

    /** Something is gone. It is told when it is, so that it does not count any more. */
    private static void over(Decision decision, ConversationState state, NotifyOver.Builder over) {
        if (!state.toldEach("", 1).isEmpty()) {
            goOn(decision, state, NotifySlice.newBuilder().setOver(over), "");
        }
    }

    /** Goes on with members whom an earlier decision did not reach. */
    public Decision slice(ConversationState state, NotifySlice slice, long nowMillis) {
        Decision decision = Decision.none();
        tell(decision, state, slice.toBuilder(), nowMillis);
        return decision;
    }

    private void tell(Decision decision, ConversationState state, NotifySlice.Builder slice, long nowMillis) {
        if (slice.hasOver()) {
            List<UserId> users = state.toldEach(slice.getAfter(), SLICE);
            Map<UserId, Unread> counts = unread.of(state, users, state::pointers, nowMillis);
            users.forEach(user ->
                    tell(decision, user, slice.getOver().toBuilder(), counts.getOrDefault(user, Unread.NOTHING)));
            goOn(decision, state, slice, users);
            return;
        }
        Map<UserId, Notifying> users = state.notifying(slice.getAfter(), SLICE);
        users.forEach((user, how) -> {
            Notice notice = of(slice.getNotice(), slice.getMentionsList(), user);
            if (notice != null && !isSilent(how, notice.getMention(), nowMillis)) {
                decision.and(tell(user, notify(state, notice, how)));
            }
        });
        goOn(decision, state, slice, List.copyOf(users.keySet()));
    }

    private static void goOn(
            Decision decision, ConversationState state, NotifySlice.Builder slice, List<UserId> users) {
        if (users.size() == SLICE) {
            goOn(decision, state, slice, users.get(SLICE - 1).value());
        }
    }

    private static void goOn(Decision decision, ConversationState state, NotifySlice.Builder slice, String after) {
        decision.and(new Effect.TellConversation(
                state.id(),
                ConversationCommand.newBuilder()
                        .setNotifySlice(slice.setAfter(after))
                        .build()));
    }

    private static boolean isSilent(Notifying how, boolean mention, long nowMillis) {
        boolean muted = how.getSilentUntilMillis() == FOR_EVER || how.getSilentUntilMillis() > nowMillis;
        return muted && !(mention && how.getExceptMentions());
    }

    /** The user machine knows of no device that gets what comes, or of no token any more. */
    public Decision each(ConversationState state, NotifyEach each, long nowMillis) {
        UserId user = UserId.parse(each.getUser());
        Member member = state.member(user);
        Notifying before = state.notifying(user);
        Decision decision = Decision.none();
        if (member == null || (each.getUpdate() && before == null)) {
            return decision;
        }
        if (each.getStop()) {
            return stop(decision, state, user);
        }
        Notifying.Builder how = each.getUpdate() && before != null ? before.toBuilder() : Notifying.newBuilder();
        Notifying now = how.setSilentUntilMillis(each.getSilentUntilMillis())
                .setExceptMentions(each.getExceptMentions())
                .build();
        if (!now.equals(before)) {
            decision.and(new Change.NotifyingSet(user, now));
        }
        if (!each.getUpdate()) {
            catchUp(decision, state, user, now, unseen(state, user, member, each.getTold()), null, nowMillis);
        }
        return decision;
    }

    private static Decision stop(Decision decision, ConversationState state, UserId user) {
        if (state.notifying(user) != null) {
            decision.and(new Change.NotifyingEnded(user, 0));
        }
        return state.notified(user) == null ? decision : decision.and(new Change.NotifiedEnded(user));
    }

    /** A device is connected, and does not acknowledge. Another of the user's may have everything. */
    public Decision unacknowledged(ConversationState state, Origin origin, Unacknowledged late, long nowMillis) {
        UserId user = UserId.parse(origin.getUser());
        Member member = state.member(user);
        Decision decision = Decision.none();
        if (member == null
                || state.notifying(user) != null
                || state.pointers(user).getDelivered() >= late.getSeq()) {
            return decision;
        }
        Notifying how = Notifying.newBuilder().setStalled(true).build();
        int unseen = unseen(state, user, member, late.getSeq() - 1);
        if (catchUp(decision, state, user, how, unseen, late.getNotice(), nowMillis)) {
            decision.and(new Change.NotifyingSet(user, how));
        }
        return decision;
    }

    /** Everything up to here the user has, or knows of. */
    private static int unseen(ConversationState state, UserId user, Member member, int told) {
        Pointers pointers = state.pointers(user);
        int has = Math.max(pointers.getRead(), pointers.getDelivered());
        int gone = Math.max(member.getJoined() - 1, state.head().getPurged());
        return Math.max(told, Math.max(has, gone));
    }

    /** Tells the newest message of another after a seq, if there is one. Its text is not known here, unless the node told it. */
    private boolean catchUp(
            Decision decision,
            ConversationState state,
            UserId user,
            Notifying how,
            int after,
            @Nullable Notice known,
            long nowMillis) {
        int newest = newestOfOthers(state, user, after);
        Said said = newest == 0 ? null : state.said(newest);
        if (said == null) {
            return false;
        }
        List<Unread.Reader> since = List.of(new Unread.Reader(user, after + 1, 0));
        boolean mention = state.unread(since, Unread.Gone.NOTHING)
                        .getOrDefault(user, Unread.NOTHING)
                        .mentions()
                > 0;
        if (!isSilent(how, mention, nowMillis)) {
            Notice.Builder notice = bare(state, newest, said.sender().value(), said.atSeconds() * 1000);
            if (known != null && known.getSeq() == newest) {
                notice.setBody(known.getBody()).setAtMillis(known.getAtMillis());
            }
            int unseen = unread.of(state, user, nowMillis).messages();
            decision.and(tell(
                    user, notify(state, notice.setMention(mention).build(), how).setUnread(unseen)));
        }
        return true;
    }

    /** The newest message of another after a seq; 0: none. */
    private static int newestOfOthers(ConversationState state, UserId user, int after) {
        int head = state.head().getSeq();
        for (int seq = head; seq > Math.max(after, head - LOOK_BACK); seq--) {
            Said said = state.said(seq);
            if (said != null && !said.sender().equals(user)) {
                return seq;
            }
        }
        return 0;
    }

    /** Adds to a decision what it means for what members were notified of. */
    public Decision follow(ConversationState state, ConversationCommand command, Decision decision, long nowMillis) {
        if (command.hasAttach()) {
            attached(decision, state, command);
        } else if (command.hasReportCursors()) {
            command.getReportCursors().getCursorsList().forEach(cursor -> acknowledged(decision, state, cursor));
        }
        for (Change change : List.copyOf(decision.changes())) {
            if (change instanceof Change.PointersMoved moved) {
                read(decision, state, moved.user(), moved.pointers(), nowMillis);
            } else if (change instanceof Change.Purged purged) {
                over(decision, state, over(state).setPurged(purged.through()));
            }
        }
        return decision;
    }

    private static void attached(Decision decision, ConversationState state, ConversationCommand command) {
        UserId user = UserId.parse(command.getOrigin().getUser());
        boolean gets = !command.getAttach().getRightsOnly()
                && decision.changes().stream().anyMatch(Change.RouteOpened.class::isInstance);
        if (gets && state.notifying(user) != null) {
            decision.and(new Change.NotifyingEnded(user, state.head().getSeq()));
        }
    }

    /** Who reads without being sent anything is still told. */
    private static void acknowledged(Decision decision, ConversationState state, Cursor cursor) {
        UserId user = UserId.parse(cursor.getUser());
        Notifying how = cursor.getSeq() == 0 ? null : state.notifying(user);
        if (how != null
                && cursor.getSeq() <= state.head().getSeq()
                && (!how.getStalled() || cursor.getSeq() > state.pointers(user).getDelivered())) {
            decision.and(new Change.NotifyingEnded(user, state.head().getSeq()));
        }
    }

    private void read(Decision decision, ConversationState state, UserId user, Pointers pointers, long nowMillis) {
        int read = pointers.getRead();
        Notified told = state.notified(user);
        if (read <= state.pointers(user).getRead() || (told == null && state.notifying(user) == null)) {
            return;
        }
        Unread rest =
                unread.of(state, List.of(user), one -> pointers, nowMillis).getOrDefault(user, Unread.NOTHING);
        tell(decision, user, over(state).setRead(read), rest);
        boolean ended = told != null
                || decision.changes().stream()
                        .anyMatch(change -> change instanceof Change.NotifyingEnded end
                                && end.user().equals(user));
        if (ended && newestOfOthers(state, user, read) == 0) {
            decision.and(new Change.NotifiedEnded(user));
        }
    }

    private static NotifyOver.Builder over(ConversationState state) {
        return NotifyOver.newBuilder().setConversation(state.id().value());
    }

    /** With what is unread now: then the user machine knows that. */
    private static void tell(Decision decision, UserId user, NotifyOver.Builder over, Unread rest) {
        over.setUnread(rest.messages()).setMentions(rest.mentions());
        decision.and(new Change.CountTold(user, rest))
                .and(new Effect.TellUser(
                        user, UserCommand.newBuilder().setNotifyOver(over).build()));
    }

    private static Notify.Builder notify(ConversationState state, Notice notice, Notifying how) {
        return Notify.newBuilder()
                .setConversation(state.id().value())
                .setNotice(notice)
                .setStalled(how.getStalled());
    }

    private static Effect tell(UserId user, Notify.Builder notify) {
        return new Effect.TellUser(
                user, UserCommand.newBuilder().setNotify(notify).build());
    }
}
