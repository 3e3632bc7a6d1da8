package io.parley.bridge.user.push;

import io.parley.bridge.Effect;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.user.PushLimits;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.inbox.InboxRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.NotifyOver;
import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Digest;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.Withdrawal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a user is shown of what came while no device of the user took it, and when it goes. A row remembers each conversation of which something is shown,
 * or is to be counted in the summary after quiet hours.
 */
final class NotificationRules {
    private static final String NEW_MESSAGE = "New message";

    private final boolean previews;

    NotificationRules(PushLimits limits) {
        this.previews = limits.previews();
    }

    /**
     * A message of another that no device of the user takes.
     *
     * @param unread what the user has not read there with it; empty: one message more than before
     */
    record News(ConversationId conversation, Notice notice, OptionalInt unread) {}

    void show(UserDecision decision, UserState state, News news, long nowMillis) {
        ConversationId conversation = news.conversation();
        Notice notice = news.notice();
        UserId sender = UserId.parse(notice.getSender());
        ShownRow before = state.push().shown(conversation);
        MuteRow mute = state.push().mute(conversation);
        boolean known = before != null && before.getSeq() >= notice.getSeq();
        boolean expired = notice.getExpiresAtMillis() != 0 && notice.getExpiresAtMillis() <= nowMillis;
        if (known
                || expired
                || sender.equals(state.id())
                || state.blocks(sender)
                || MuteRules.isMuted(mute, notice.getMention(), nowMillis)) {
            return;
        }
        ShownRow.Builder row = (before == null ? ShownRow.newBuilder() : before.toBuilder())
                .setSeq(notice.getSeq())
                .setSender(notice.getSender())
                .setUnread(news.unread().orElse(Badge.unread(state, conversation) + 1))
                .setAtMillis(notice.getAtMillis())
                .setExpiresAtMillis(notice.getExpiresAtMillis());
        PushSettingsRow settings = state.push().settings();
        OptionalLong quietUntil = PushSettingRules.quietUntil(settings, nowMillis);
        if (quietUntil.isPresent()) {
            decision.and(new UserChange.ShownSet(
                    conversation, row.setMissed(row.getMissed() + 1).build()));
            if (settings.getSummaryDueMillis() == 0) {
                decision.and(new UserChange.PushSettingsSet(settings.toBuilder()
                        .setSummaryDueMillis(quietUntil.getAsLong())
                        .build()));
            }
            return;
        }
        decision.and(new UserChange.ShownSet(conversation, row.setAlert(true).build()))
                .and(notification(
                        state,
                        about(conversation, notice.getSeq())
                                .setAtMillis(notice.getAtMillis())
                                .setExpiresAtMillis(notice.getExpiresAtMillis())
                                .setAlert(alert(settings, conversation, notice)),
                        Map.of(conversation, row.getUnread())));
    }

    private Alert.Builder alert(PushSettingsRow settings, ConversationId conversation, Notice notice) {
        Alert.Builder alert =
                Alert.newBuilder().setGroup(!conversation.isDirect()).setMention(notice.getMention());
        if (!previews || settings.getWithoutPreview()) {
            return alert.setBody(NEW_MESSAGE);
        }
        return alert.setTitle(notice.getTitle().isEmpty() ? notice.getSender() : notice.getTitle())
                .setSender(notice.getSender())
                .setBody(notice.getBody().isEmpty() ? NEW_MESSAGE : notice.getBody());
    }

    /** What was shown of a conversation was read, or is gone. If it was not, there may be less that is unread. */
    void over(UserDecision decision, UserState state, NotifyOver over, long nowMillis) {
        ConversationId conversation = ConversationId.parse(over.getConversation());
        ShownRow shown = state.push().shown(conversation);
        if (!state.isIn(conversation)) {
            return;
        }
        InboxRules.count(decision, state, conversation, over.getUnread(), over.getMentions());
        if (shown != null
                && (shown.getSeq() <= Math.max(over.getRead(), over.getPurged())
                        || shown.getSeq() == over.getDeleted()
                        || shown.getSender().equals(over.getErased()))) {
            withdraw(decision, state, Map.of(conversation, shown), over.getUnread(), nowMillis);
        } else {
            BadgeRules.counted(decision, state, conversation, kept(shown, over), over.getUnread(), nowMillis);
        }
    }

    /** How long messages are kept may have changed; what is due by the new time is withdrawn with the engine's next tick. */
    private static @Nullable ShownRow kept(@Nullable ShownRow shown, NotifyOver over) {
        if (shown == null || !over.hasKeptDays() || shown.getAtMillis() == 0) {
            return shown;
        }
        long keptMillis = Duration.ofDays(over.getKeptDays()).toMillis();
        return shown.toBuilder()
                .setExpiresAtMillis(keptMillis == 0 ? 0 : shown.getAtMillis() + keptMillis)
                .build();
    }

    /** The user is no longer in the conversation. */
    void left(UserDecision decision, UserState state, ConversationId conversation, long nowMillis) {
        ShownRow shown = state.push().shown(conversation);
        if (shown != null) {
            withdraw(decision, state, Map.of(conversation, shown), 0, nowMillis);
        }
    }

    /** The user is erased. */
    void erased(UserDecision decision, UserState state, long nowMillis) {
        withdraw(decision, state, state.push().shown(), 0, nowMillis);
    }

    /**
     * Takes back what is shown, at any hour: it makes no sound. The summary goes with the last conversation that it counts.
     *
     * @param unread what is unread in each of these conversations now
     */
    private void withdraw(
            UserDecision decision, UserState state, Map<ConversationId, ShownRow> gone, int unread, long nowMillis) {
        Map<ConversationId, Integer> rest = new HashMap<>();
        gone.keySet().forEach(conversation -> rest.put(conversation, unread));
        boolean digest = false;
        for (Map.Entry<ConversationId, ShownRow> entry : gone.entrySet()) {
            ShownRow shown = entry.getValue();
            decision.and(new UserChange.ShownEnded(entry.getKey()));
            digest |= shown.getDigest();
            if (shown.getAlert()) {
                decision.and(withdrawal(state, about(entry.getKey(), shown.getSeq()), rest, nowMillis));
            }
        }
        if (digest) {
            boolean others = state.push().shown().entrySet().stream()
                    .anyMatch(entry -> entry.getValue().getDigest() && !gone.containsKey(entry.getKey()));
            if (!others) {
                decision.and(withdrawal(state, Notification.newBuilder(), rest, nowMillis));
            }
        }
    }

    private static Effect withdrawal(
            UserState state, Notification.Builder notification, Map<ConversationId, Integer> unread, long nowMillis) {
        return notification(
                state, notification.setAtMillis(nowMillis).setWithdrawal(Withdrawal.getDefaultInstance()), unread);
    }

    /** What expired goes, and after quiet hours what was missed is told. */
    void due(UserDecision decision, UserState state, long nowMillis) {
        Map<ConversationId, ShownRow> expired =
                new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
        Map<ConversationId, ShownRow> missed =
                new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
        state.push().shown().forEach((conversation, shown) -> {
            if (shown.getExpiresAtMillis() != 0 && shown.getExpiresAtMillis() <= nowMillis) {
                expired.put(conversation, shown);
            } else if (shown.getMissed() > 0) {
                missed.put(conversation, shown);
            }
        });
        withdraw(decision, state, expired, 0, nowMillis);
        PushSettingsRow settings = state.push().settings();
        if (settings.getSummaryDueMillis() != 0 && settings.getSummaryDueMillis() <= nowMillis) {
            decision.and(new UserChange.PushSettingsSet(
                    settings.toBuilder().clearSummaryDueMillis().build()));
            summarize(decision, state, missed, nowMillis);
        }
    }

    private void summarize(
            UserDecision decision, UserState state, Map<ConversationId, ShownRow> missed, long nowMillis) {
        int messages = 0;
        int conversations = 0;
        long expiresAtMillis = 0;
        for (Map.Entry<ConversationId, ShownRow> entry : missed.entrySet()) {
            ShownRow shown = entry.getValue();
            boolean muted = MuteRules.isMuted(state.push().mute(entry.getKey()), false, nowMillis);
            decision.and(new UserChange.ShownSet(
                    entry.getKey(),
                    shown.toBuilder()
                            .clearMissed()
                            .setDigest(shown.getDigest() || !muted)
                            .build()));
            if (!muted) {
                messages += shown.getMissed();
                conversations++;
                expiresAtMillis = Math.max(expiresAtMillis, shown.getExpiresAtMillis());
            }
        }
        if (messages > 0) {
            decision.and(notification(
                    state,
                    Notification.newBuilder()
                            .setAtMillis(nowMillis)
                            .setExpiresAtMillis(expiresAtMillis)
                            .setDigest(Digest.newBuilder().setMessages(messages).setConversations(conversations)),
                    Map.of()));
        }
    }

    private static Notification.Builder about(ConversationId conversation, int seq) {
        return Notification.newBuilder().setConversation(conversation.value()).setSeq(seq);
    }

    private static Effect notification(
            UserState state, Notification.Builder notification, Map<ConversationId, Integer> unread) {
        notification.setUser(state.id().value()).setBadge(Badge.of(state, unread));
        for (TokenRow row : state.push().tokens().values()) {
            notification.addTokens(row.getToken());
        }
        return new Effect.Notify(notification.build());
    }
}
