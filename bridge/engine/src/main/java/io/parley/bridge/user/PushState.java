package io.parley.bridge.user;

import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.PushedRow;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.TokenRow;
import io.parley.protocol.ConversationId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a user is notified, as the rules see it. */
public interface PushState {
    /** Whether the user has a push token. */
    boolean hasTokens();

    /** The user's push tokens, by their hashes. */
    Map<String, TokenRow> tokens();

    /** The token with that hash; null if the user does not have it. */
    @Nullable
    TokenRow token(String hash);

    /** How the user wants to be notified. */
    PushSettingsRow settings();

    /** How the user muted that conversation; null: not, or never. It may be over. */
    @Nullable
    MuteRow mute(ConversationId conversation);

    /** The conversations that the user muted; some may be over. */
    List<ConversationId> muted();

    /** What the user was notified of there, or is to be in a summary, and has not read; null: nothing. */
    @Nullable
    ShownRow shown(ConversationId conversation);

    /** The same of all conversations. */
    Map<ConversationId, ShownRow> shown();

    /** That the user was pushed to; null: a device came since, or the user never was. */
    @Nullable
    PushedRow pushed();

    /** When the user's devices are told that there is less unread; 0: not at all. */
    long badgeDueMillis();
}
