package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Counted;
import io.parley.protocol.log.Wake;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What user machines know of what is unread, told by what was sent: while a member is to be woken it is exact, but for what expired since it was
 * counted, and nothing is told that is known.
 */
final class CountsModel {
    private final ConversationModel model;
    private final Supplier<? extends ConversationState> state;
    /** What each user machine was told last. */
    private final Map<String, Unread> told = new TreeMap<>();
    /** Messages up to this time had expired when it was counted last. */
    private final Map<String, Long> countedSince = new HashMap<>();

    private final Map<String, Integer> reads = new HashMap<>();
    private int purged;
    private long sinceSeconds;

    /** @param state of which pointers, what is gone, and how long messages are kept is taken, and nothing about counts */
    CountsModel(ConversationModel model, Supplier<? extends ConversationState> state) {
        this.model = model;
        this.state = state;
    }

    /** A command comes, and the state has what it changed. */
    void next(long nowMillis) {
        int days = new RetentionRules(ConversationLimits.defaults())
                .of(state.get())
                .getDays();
        sinceSeconds = days == 0 ? 0 : nowMillis / 1000 - Duration.ofDays(days).toSeconds();
    }

    /** The member's messages are counted. */
    void anew(String user) {
        countedSince.put(user, sinceSeconds);
    }

    /** A wake that is sent without a new event. */
    Wake.Builder with(String user, Wake.Builder wake) {
        anew(user);
        return counted(user, wake);
    }

    /** The wake that comes with an event. */
    Wake.Builder with(String user, Wake.Builder wake, ChatEvent event) {
        switch (event.getBodyCase()) {
            case DELETED, USER_ERASED, RETENTION_CHANGED -> anew(user);
            default -> {}
        }
        return counted(user, wake);
    }

    private Wake.Builder counted(String user, Wake.Builder wake) {
        Unread now = exact(user);
        told.put(user, now);
        return wake.setUnread(now.messages()).setMentions(now.mentions());
    }

    private Unread exact(String user) {
        return model.unread(user, read(user), state.get().head().getPurged(), countedSince.getOrDefault(user, 0L));
    }

    private int read(String user) {
        return state.get().pointers(UserId.parse(user)).getRead();
    }

    /**
     * Everything that follows from the command is known but what is told without a wake.
     *
     * @param asked who is to be woken
     */
    void take(Set<String> asked, List<Effect> effects) {
        List<String> expected = new ArrayList<>();
        boolean purges = state.get().head().getPurged() > purged;
        for (String user : asked) {
            Unread before = told.getOrDefault(user, Unread.NOTHING);
            if (read(user) > reads.getOrDefault(user, 0) || (purges && !before.equals(Unread.NOTHING))) {
                anew(user);
            }
            Unread now = exact(user);
            if (!now.equals(before)) {
                expected.add(user + " " + now);
                told.put(user, now);
            }
        }
        List<String> counted = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.TellUser tell && tell.command().hasCounted()) {
                Counted count = tell.command().getCounted();
                assertThat(count.getConversation()).isEqualTo(state.get().id().value());
                counted.add(tell.user() + " " + new Unread(count.getUnread(), count.getMentions()));
            } else if (effect instanceof Effect.Publish publish) {
                gone(publish.event(), expected);
            }
        }
        assertThat(counted).as("told without an event").containsExactlyInAnyOrderElementsOf(expected);
        purged = state.get().head().getPurged();
        RandomCommands.USERS.forEach(user -> reads.put(user, read(user)));
    }

    private void gone(ChatEvent event, List<String> expected) {
        String erased = event.getUserErased().getUser();
        Unread before = told.getOrDefault(erased, Unread.NOTHING);
        if (state.get().id().isDirect() && !before.equals(Unread.NOTHING)) {
            expected.add(erased + " " + Unread.NOTHING);
        }
        told.remove(erased);
        model.removedWith(event.getSeq()).forEach(told::remove);
    }

    /** Fails unless the state knows what was told. */
    void matches() {
        for (String user : RandomCommands.USERS) {
            assertThat(state.get().told(UserId.parse(user)))
                    .as("what the machine of " + user + " was told")
                    .isEqualTo(told.getOrDefault(user, Unread.NOTHING));
        }
    }
}
