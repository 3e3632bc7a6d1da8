package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.KnowUser;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Unblock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Members come and go while they block each other: in the end a group knows each block between its members, and no other block. */
final class BlocksRandomTest {
    private static final int SEEDS = 500;
    private static final int STEPS = 60;
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final List<String> USERS = List.of("ann", "ben", "cid", "dan");

    @Test
    void a_group_knows_the_blocks_between_its_members() {
        Seeds.play(SEEDS, BlocksRandomTest::play);
    }

    private static void play(long seed) {
        Random random = new Random(seed);
        SimulatedLog log = new SimulatedLog(random);
        Map<String, Set<String>> blocked = new HashMap<>();
        USERS.forEach(user -> log.append(
                user,
                UserCommand.newBuilder()
                        .setKnowUser(KnowUser.getDefaultInstance())
                        .build()));
        log.append(
                "eve",
                UserCommand.newBuilder()
                        .setOrigin(origin("eve"))
                        .setOpenGroup(OpenGroup.newBuilder()
                                .setConversation(GROUP.value())
                                .setGroup(CreateGroup.newBuilder().addMembers("ann")))
                        .build());
        for (int i = 0; i < STEPS; i++) {
            String user = USERS.get(random.nextInt(USERS.size()));
            String other = USERS.get(random.nextInt(USERS.size()));
            switch (random.nextInt(6)) {
                case 0, 1 ->
                    log.append(
                            GROUP,
                            eve().setAddMembers(AddMembers.newBuilder().addUsers(user))
                                    .build());
                case 2 ->
                    log.append(
                            GROUP,
                            eve().setRemoveMembers(RemoveMembers.newBuilder().addUsers(user))
                                    .build());
                case 3, 4 -> {
                    if (!user.equals(other)) {
                        block(log, user, other, random.nextInt(3) > 0, blocked);
                    }
                }
                default -> log.restartEngine();
            }
            log.run(random.nextInt(5));
        }
        while (log.run(100)) {
            // Until nothing is under way.
        }
        Set<String> members = log.keysWith("m|" + GROUP + "|").stream()
                .map(key -> key.substring(key.lastIndexOf('|') + 1))
                .collect(Collectors.toSet());
        Set<String> known = new HashSet<>(log.keysWith("b|" + GROUP + "|"));
        for (String user : USERS) {
            String marker = "b|" + GROUP + "|" + user;
            Set<String> own = members.contains(user) ? blocked.getOrDefault(user, Set.of()) : Set.of();
            assertThat(known.contains(marker)).as(user + " blocks anybody").isEqualTo(!own.isEmpty());
            for (String other : USERS) {
                assertThat(known.contains(marker + "|" + other))
                        .as(user + " blocks " + other + ", members " + members)
                        .satisfies(is -> assertThat(is && !own.contains(other)).isFalse())
                        .satisfies(is -> assertThat(is || !own.contains(other) || !members.contains(other))
                                .isTrue());
            }
        }
    }

    private static void block(
            SimulatedLog log, String user, String other, boolean blocks, Map<String, Set<String>> blocked) {
        UserCommand.Builder command = UserCommand.newBuilder().setOrigin(origin(user));
        Set<String> own = blocked.computeIfAbsent(user, key -> new HashSet<>());
        if (blocks) {
            own.add(other);
            command.setBlock(Block.newBuilder().setUser(other));
        } else {
            own.remove(other);
            command.setUnblock(Unblock.newBuilder().setUser(other));
        }
        log.append(user, command.build());
    }

    private static ConversationCommand.Builder eve() {
        return ConversationCommand.newBuilder().setOrigin(origin("eve"));
    }

    private static Origin origin(String user) {
        return Origin.newBuilder()
                .setUser(user)
                .setDevice("phone")
                .setConnection(1)
                .setNode(Node.newBuilder().setSlot(0).setEpoch(1))
                .build();
    }
}
