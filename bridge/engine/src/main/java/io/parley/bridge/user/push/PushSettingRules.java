package io.parley.bridge.user.push;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Replies;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.PushSettings;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.SetPushSettings;
import java.time.DateTimeException;
import java.util.OptionalLong;

/** How a user wants to be notified. */
final class PushSettingRules {
    private static final io.parley.protocol.wire.QuietHours NONE =
            io.parley.protocol.wire.QuietHours.getDefaultInstance();

    private PushSettingRules() {}

    static UserDecision get(UserState state, UserCommand command) {
        PushSettingsRow row = state.push().settings();
        PushSettings.Builder settings = PushSettings.newBuilder().setPreview(!row.getWithoutPreview());
        if (row.hasQuietHours()) {
            settings.setQuietHours(row.getQuietHours());
        }
        return UserDecision.none()
                .and(Replies.to(
                        command.getOrigin(),
                        Reply.newBuilder().setRequestId(command.getRequestId()).setPushSettings(settings)));
    }

    static UserDecision set(UserState state, UserCommand command, SetPushSettings wish, long nowMillis) {
        PushSettingsRow before = state.push().settings();
        PushSettingsRow.Builder now = before.toBuilder();
        if (wish.hasPreview()) {
            now.setWithoutPreview(!wish.getPreview());
        }
        if (wish.hasQuietHours() && wish.getQuietHours().equals(NONE)) {
            now.clearQuietHours();
        } else if (wish.hasQuietHours()) {
            String fault = fault(wish.getQuietHours());
            if (!fault.isEmpty()) {
                return UserDecision.none()
                        .and(Replies.error(
                                command.getOrigin(), command.getRequestId(), refusal(ErrorCode.BAD_REQUEST, fault)));
            }
            now.setQuietHours(wish.getQuietHours());
        }
        if (before.getSummaryDueMillis() != 0) {
            // What was missed is told when the hours end that hold now.
            now.setSummaryDueMillis(quietUntil(now.build(), nowMillis).orElse(nowMillis));
        }
        return UserDecision.none()
                .and(new UserChange.PushSettingsSet(now.build()))
                .and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    /** When the user's quiet hours end, if it is in them. */
    static OptionalLong quietUntil(PushSettingsRow settings, long nowMillis) {
        return settings.hasQuietHours()
                ? QuietHours.of(settings.getQuietHours()).end(nowMillis)
                : OptionalLong.empty();
    }

    private static String fault(io.parley.protocol.wire.QuietHours hours) {
        if (!isTime(hours.getFrom())) {
            return "from is no time of day: send one such as 22:00";
        }
        if (!isTime(hours.getTo())) {
            return "to is no time of day: send one such as 07:00";
        }
        if (hours.getFrom().equals(hours.getTo())) {
            return "from and to are the same: send two times of day";
        }
        try {
            QuietHours.of(hours);
            return "";
        } catch (DateTimeException e) {
            return "timeZone is unknown: send a name such as Europe/Berlin";
        }
    }

    private static boolean isTime(String text) {
        return text.matches("([01][0-9]|2[0-3]):[0-5][0-9]");
    }
}
