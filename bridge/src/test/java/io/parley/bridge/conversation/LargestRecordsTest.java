package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.PrivacyChanged;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.Signal;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What lists members or pairs of them, where there are as many as there may be, stays below the limit of a record. */
final class LargestRecordsTest {
    private static final ConversationLimits ALL_CARRY_PRESENCE =
            new ConversationLimits(Duration.ofHours(24), Duration.ofHours(48), 30, 0, 30, 1024);

    private final PlayedConversation group = new PlayedConversation(PlayedConversation.GROUP, ALL_CARRY_PRESENCE);

    @Test
    void the_largest_group_is_made_and_its_pointers_and_presence_are_told_below_the_limit() {
        List<String> members = members(1024);
        List<Effect> effects = new ArrayList<>(create(members));
        effects.addAll(attach(members.get(0)));
        ReportCursors.Builder report = ReportCursors.newBuilder();
        members.forEach(user -> report.addCursors(
                Cursor.newBuilder().setUser(user).setDevice("d").setRead(1)));
        does(ConversationCommand.newBuilder().setReportCursors(report));
        members.forEach(user -> does(ConversationCommand.newBuilder()
                .setPrivacyChanged(PrivacyChanged.newBuilder().setUser(user).setWithoutReads(true))));
        effects.addAll(attach(members.get(0)));
        effects.addAll(does(ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance())));

        assertThat(effects).filteredOn(Effect.StorePointers.class::isInstance).isNotEmpty();
        assertThat(sizes(effects)).isNotEmpty().allMatch(bytes -> bytes <= RecordLimit.MAX_BYTES);
        effects.stream()
                .filter(Effect.StorePointers.class::isInstance)
                .forEach(effect -> assertThat(
                                ((Effect.StorePointers) effect).pointers().getSerializedSize())
                        .isLessThan(RecordLimit.MAX_BYTES));
        effects.stream()
                .filter(Effect.Publish.class::isInstance)
                .forEach(effect -> assertThat(((Effect.Publish) effect).event().getSerializedSize())
                        .isLessThan(RecordLimit.MAX_BYTES));
    }

    @Test
    void the_pairs_of_a_group_in_which_each_blocks_each_are_told_in_parts() {
        List<String> members = members(150);
        create(members);
        for (String user : members) {
            List<String> others =
                    members.stream().filter(other -> !other.equals(user)).toList();
            does(ConversationCommand.newBuilder()
                    .setBlockChanged(BlockChanged.newBuilder()
                            .setBy(user)
                            .setBlocked(true)
                            .addAllUsers(others)));
            does(ConversationCommand.newBuilder()
                    .setPresenceChanged(PresenceChanged.newBuilder()
                            .setPresence(Presence.newBuilder().setUser(user).setOnline(true))));
        }

        List<Signal> parts = attach(members.get(0)).stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery::hasSignal)
                .map(Delivery::getSignal)
                .filter(Signal::hasPresence)
                .toList();

        assertThat(parts.size()).isGreaterThan(1);
        assertThat(parts).allMatch(part -> part.getSerializedSize() <= RecordLimit.MAX_BYTES);
        assertThat(parts.stream()
                        .flatMap(part -> part.getPresence().getPresenceList().stream())
                        .map(Presence::getUser))
                .containsExactlyInAnyOrderElementsOf(members);
        // Each part has the pairs of those who are in it: a node looks at one part at a time.
        assertThat(parts)
                .allMatch(part -> part.getApartCount() == part.getPresence().getPresenceCount());
        assertThat(parts.get(0).getApart(0).getFromCount()).isEqualTo(members.size() - 1);
    }

    private static List<String> members(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "m%06d".formatted(i) + "z".repeat(57))
                .toList();
    }

    private List<Effect> create(List<String> members) {
        return group.does(
                        members.get(0),
                        ConversationCommand.newBuilder()
                                .setCreateGroup(CreateGroup.newBuilder().addAllMembers(members)))
                .effects();
    }

    private List<Effect> attach(String user) {
        return group.does(
                        user,
                        ConversationCommand.newBuilder()
                                .setAttach(Attach.newBuilder().setReceipts(true).setPresence(true)))
                .effects();
    }

    private List<Effect> does(ConversationCommand.Builder command) {
        return group.does("m", command).effects();
    }

    private static List<Integer> sizes(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery().getSerializedSize())
                .toList();
    }
}
