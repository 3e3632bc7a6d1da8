package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.admission.AdmissionRules;
import io.parley.bridge.conversation.membership.DecliningRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.MemberDeclined;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.PrivacyChanged;
import io.parley.protocol.log.RemoveDeclined;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.Signal;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What lists members or pairs of them, where there are as many as there may be, stays below the limit of a record. */
final class LargestRecordsTest {
    private static final ConversationLimits ALL_CARRY_PRESENCE = new ConversationLimits(
            Duration.ofHours(24), Duration.ofHours(48), 30, 0, 30, 1024, 50, ConversationSizes.defaults());

    /** Of 1,024 members themselves, and 50 others for each of them, with names of 64 characters. */
    private static final int LARGEST_PRESENCE_BYTES = 1024 * 51 * 70;

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
    void the_pairs_of_a_group_in_which_each_blocks_as_many_as_are_told_come_in_parts() {
        List<String> members = members(1024);
        create(members);
        assertThat(presences(attach(members.get(0))))
                .as("who is there is asked first")
                .isEmpty();
        // In rings of 51 each blocks all others: the 50 from whom each is hidden.
        for (int i = 0; i + 51 <= members.size(); i += 51) {
            List<String> ring = members.subList(i, i + 51);
            ring.forEach(user -> blocksAndComes(user, ring));
        }
        int blocking = members.size() / 51 * 51;

        List<Signal> parts = presences(attach(members.get(0)));

        assertThat(parts.size()).isGreaterThan(1);
        assertThat(parts).allMatch(part -> part.getSerializedSize() <= RecordLimit.MAX_BYTES);
        assertThat(parts.stream()
                        .flatMap(part -> part.getPresence().getPresenceList().stream())
                        .filter(Presence::getOnline)
                        .map(Presence::getUser))
                .containsExactlyInAnyOrderElementsOf(members.subList(0, blocking));
        // Each part has the pairs of those who are in it: a node looks at one part at a time.
        assertThat(parts)
                .allMatch(part -> part.getApartList().stream()
                        .allMatch(apart -> part.getPresence().getPresenceList().stream()
                                .anyMatch(presence -> presence.getUser().equals(apart.getUser()))));
        assertThat(parts.get(0).getApart(0).getFromCount()).isEqualTo(50);
        assertThat(bytes(parts)).isLessThan(LARGEST_PRESENCE_BYTES);
    }

    @Test
    void where_each_of_1024_blocks_each_everybody_is_seen_by_nobody_and_little_is_told() {
        List<String> members = members(1024);
        create(members);
        attach(members.get(0));
        members.forEach(user -> blocksAndComes(user, members));

        List<Effect> told = does(ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance()));

        for (List<Signal> parts : List.of(presences(told), presences(attach(members.get(0))))) {
            assertThat(parts.stream()
                            .flatMap(part -> part.getPresence().getPresenceList().stream())
                            .map(Presence::getUser))
                    .containsExactlyInAnyOrderElementsOf(members);
            assertThat(parts.stream().flatMap(part -> part.getPresence().getPresenceList().stream()))
                    .noneMatch(Presence::getOnline);
            assertThat(bytes(parts)).isLessThan(LARGEST_PRESENCE_BYTES);
        }
        assertThat(group.does(
                                members.get(1),
                                ConversationCommand.newBuilder()
                                        .setTypingNow(TypingNow.newBuilder().setTyping(true)))
                        .effects())
                .isEmpty();
    }

    @Test
    void all_members_but_one_declined_are_removed_in_slices() {
        List<String> members = members(1024);
        create(members);
        members.subList(1, 1024)
                .forEach(user -> does(ConversationCommand.newBuilder()
                        .setMemberDeclined(MemberDeclined.newBuilder()
                                .setUser(user)
                                .setBy(members.get(0))
                                .setSeq(1)
                                .setCode(ErrorCode.NOT_FOUND))));
        List<Effect> removed =
                does(ConversationCommand.newBuilder().setRemoveDeclined(RemoveDeclined.getDefaultInstance()));
        assertThat(PlayedConversation.outcome(removed)
                        .event()
                        .getMembersRemoved()
                        .getUsersList())
                .hasSize(DecliningRules.SLICE);
        assertThat(removed)
                .filteredOn(effect ->
                        effect instanceof Effect.TellUser tell && tell.command().hasMembersDeclined())
                .singleElement()
                .satisfies(effect -> assertThat(((Effect.TellUser) effect)
                                .command()
                                .getMembersDeclined()
                                .getUsersList())
                        .hasSize(DecliningRules.SLICE));
        everyRecordIsBelowTheLimit(removed);
    }

    @Test
    void half_a_group_is_asked_about_the_other_half_below_the_limit() {
        List<String> members = members(1024);
        create(members.subList(0, 512));
        members.subList(0, 512)
                .forEach(user -> does(ConversationCommand.newBuilder()
                        .setBlockChanged(BlockChanged.newBuilder()
                                .setBy(user)
                                .setBlocked(true)
                                .addAllUsers(members(2_000))
                                .setAny(true))));
        List<Effect> added = group.does(
                        members.get(0),
                        ConversationCommand.newBuilder()
                                .setAddMembers(AddMembers.newBuilder().addAllUsers(members.subList(512, 1024))))
                .effects();
        assertThat(added)
                .filteredOn(effect ->
                        effect instanceof Effect.TellUser tell && tell.command().hasTellBlocks())
                .hasSize(512);
        everyRecordIsBelowTheLimit(added);
    }

    @Test
    void as_many_connections_as_are_answered_are_one_row_below_the_limit() {
        String long1 = "a".repeat(64);
        String long2 = "b".repeat(64);
        PlayedConversation two =
                new PlayedConversation(ConversationId.parse(long1 + "~" + long2), ConversationLimits.defaults());
        for (int connection = 1; connection <= 2 * AdmissionRules.MOST_ASKERS; connection++) {
            two.asksToWrite(Origin.newBuilder()
                    .setUser(long1)
                    .setDevice("d".repeat(64))
                    .setConnection(connection)
                    .setSession(Long.MAX_VALUE)
                    .setNode(Node.newBuilder().setSlot(Integer.MAX_VALUE).setEpoch(Long.MAX_VALUE))
                    .build());
        }
        two.rows.keys("").forEach(key -> assertThat(two.rows.get(key)).hasSizeLessThan(RecordLimit.MAX_BYTES / 10));
        assertThat(two.admits(long1).effects())
                .extracting(effect ->
                        ((Effect.Deliver) effect).delivery().getAttached().getConnection())
                .as("the newest")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(AdmissionRules.MOST_ASKERS + 1, 2 * AdmissionRules.MOST_ASKERS)
                                .boxed()
                                .toList());
    }

    private static void everyRecordIsBelowTheLimit(List<Effect> effects) {
        assertThat(effects).isNotEmpty();
        for (Effect effect : effects) {
            int bytes = 0;
            if (effect instanceof Effect.Publish publish) {
                bytes = publish.event().getSerializedSize();
            } else if (effect instanceof Effect.Deliver deliver) {
                bytes = deliver.delivery().getSerializedSize();
            } else if (effect instanceof Effect.TellUser tell) {
                bytes = tell.command().getSerializedSize();
            } else if (effect instanceof Effect.TellConversation tell) {
                bytes = tell.command().getSerializedSize();
            }
            assertThat(bytes).isLessThanOrEqualTo(RecordLimit.MAX_BYTES);
        }
    }

    private void blocksAndComes(String user, List<String> all) {
        List<String> others =
                all.stream().filter(other -> !other.equals(user)).limit(1000).toList();
        does(ConversationCommand.newBuilder()
                .setBlockChanged(
                        BlockChanged.newBuilder().setBy(user).setBlocked(true).addAllUsers(others)));
        does(ConversationCommand.newBuilder()
                .setPresenceChanged(PresenceChanged.newBuilder()
                        .setPresence(Presence.newBuilder().setUser(user).setOnline(true))));
    }

    private static List<Signal> presences(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery::hasSignal)
                .map(Delivery::getSignal)
                .filter(Signal::hasPresence)
                .toList();
    }

    private static int bytes(List<Signal> parts) {
        return parts.stream().mapToInt(Signal::getSerializedSize).sum();
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
