package io.parley.bridge.user;

import io.parley.bridge.Effect;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.TokenRow;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.NotifyOver;
import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Digest;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.Withdrawal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What a user is shown of what came while no device of the user took it, and when it goes. A row remembers each conversation of which something is shown,
 * or is to be counted in the summary after quiet hours.
 */
final class NotificationRules {
    private static final String NEW_MESSAGE = "New message";

    private final boolean previews;
    /** The user's unread messages in all conversations. */
    private final ToIntFunction<UserState> badge;

    NotificationRules(PushLimits limits, ToIntFunction<UserState> badge) {
        this.previews = limits.previews();
        this.badge = badge;
    }

    /** A message of another came that no device of the user takes. */
    void show(UserDecision decision, UserState state, ConversationId conversation, Notice notice, long nowMillis) {
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
                                .setAlert(alert(settings, conversation, notice))));
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

    /** What was shown of a conversation was read, or is gone. */
    void over(UserDecision decision, UserState state, NotifyOver over, long nowMillis) {
        ConversationId conversation = ConversationId.parse(over.getConversation());
        ShownRow shown = state.push().shown(conversation);
        if (shown != null
                && (shown.getSeq() <= Math.max(over.getRead(), over.getPurged())
                        || shown.getSeq() == over.getDeleted()
                        || shown.getSender().equals(over.getErased()))) {
            withdraw(decision, state, Map.of(conversation, shown), nowMillis);
        }
    }

    /** The user is no longer in the conversation. */
    void left(UserDecision decision, UserState state, ConversationId conversation, long nowMillis) {
        ShownRow shown = state.push().shown(conversation);
        if (shown != null) {
            withdraw(decision, state, Map.of(conversation, shown), nowMillis);
        }
    }

    /** The user is erased. */
    void erased(UserDecision decision, UserState state, long nowMillis) {
        withdraw(decision, state, state.push().shown(), nowMillis);
    }

    /** Takes back what is shown, at any hour: it makes no sound. The summary goes with the last conversation that it counts. */
    private void withdraw(
            UserDecision decision, UserState state, Map<ConversationId, ShownRow> gone, long nowMillis) {
        boolean digest = false;
        for (Map.Entry<ConversationId, ShownRow> entry : gone.entrySet()) {
            ShownRow shown = entry.getValue();
            decision.and(new UserChange.ShownEnded(entry.getKey()));
            digest |= shown.getDigest();
            if (shown.getAlert()) {
                decision.and(withdrawal(state, about(entry.getKey(), shown.getSeq()), nowMillis));
            }
        }
        if (digest) {
            boolean rest = state.push().shown().entrySet().stream()
                    .anyMatch(entry -> entry.getValue().getDigest() && !gone.containsKey(entry.getKey()));
            if (!rest) {
                decision.and(withdrawal(state, Notification.newBuilder(), nowMillis));
            }
        }
    }

    private Effect withdrawal(UserState state, Notification.Builder notification, long nowMillis) {
        return notification(
                state, notification.setAtMillis(nowMillis).setWithdrawal(Withdrawal.getDefaultInstance()));
    }

    /** What expired goes, and after quiet hours what was missed is told. */
    void due(UserDecision decision, UserState state, long nowMillis) {
        Map<ConversationId, ShownRow> expired = new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
        Map<ConversationId, ShownRow> missed = new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
        state.push().shown().forEach((conversation, shown) -> {
            if (shown.getExpiresAtMillis() != 0 && shown.getExpiresAtMillis() <= nowMillis) {
                expired.put(conversation, shown);
            } else if (shown.getMissed() > 0) {
                missed.put(conversation, shown);
            }
        });
        withdraw(decision, state, expired, nowMillis);
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
                            .setDigest(Digest.newBuilder()
                                    .setMessages(messages)
                                    .setConversations(conversations))));
        }
    }

    private static Notification.Builder about(ConversationId conversation, int seq) {
        return Notification.newBuilder().setConversation(conversation.value()).setSeq(seq);
    }

    private Effect notification(UserState state, Notification.Builder notification) {
        notification.setUser(state.id().value()).setBadge(badge.applyAsInt(state));
        for (TokenRow row : state.push().tokens().values()) {
            notification.addTokens(row.getToken());
        }
        return new Effect.Notify(notification.build());
    }
}
