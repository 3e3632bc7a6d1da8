package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.WebPush;
import io.parley.push.sink.Fault;
import io.parley.push.sink.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A burst of notifications through all three providers, while the push service and the engine are killed, and the providers are slow, fail and go away. Each is
 * accepted, in order, and again only after a crash; none comes to who has no right to it, or needs none.
 *
 * <p>{@code -Dparley.test.pushBurst=N} plays another number of notifications.
 */
@WithPlatform
class PushBurstIT extends ConversationChecks {
    private static final int AWAY = 20;
    private static final int GROUPS = 5;
    private static final int MESSAGES = Integer.getInteger("parley.test.pushBurst", 1_000) / AWAY;
    private static final Duration BACK = Duration.ofSeconds(90);
    private static final Duration DRAINED = Duration.ofMinutes(2);
    /** More than the service sends in the time that it commits in. */
    private static final int NOT_COMMITTED = 200;

    private static final UserId AMY = UserId.parse("burst-amy");
    private static final UserId DESK = UserId.parse("burst-desk");
    private static final UserId GONE = UserId.parse("burst-gone");
    private static final UserId BEFORE = UserId.parse("burst-before");
    private static final UserId HEIR = UserId.parse("burst-heir");
    private static final String GONES = "token-of-gone";
    private static final String DESKS = "token-of-desk";
    private static final String MOVED = "token-that-moves";

    private final Map<UserId, String> tokens = new LinkedHashMap<>();
    private final List<ConversationId> groups = new ArrayList<>();
    private final AcceptedPushes accepted = new AcceptedPushes();
    /** Of messages that GONE, or BEFORE with that token, must not be told any more, the first of each group. */
    private final Map<ConversationId, String> firstAfter =
            new TreeMap<>((a, b) -> a.value().compareTo(b.value()));

    PushBurstIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_burst_survives_kills_and_failing_providers() throws Exception {
        // It reads the same log.
        platform().hold(RoleName.PUSH);
        platform().kill(RoleName.PUSH);
        try {
            burst();
        } finally {
            platform().release(RoleName.PUSH);
            platform().awaitReady(RoleName.PUSH, BACK);
        }
    }

    private void burst() throws Exception {
        try (PushProcess push = PushProcess.start(platform(), accepted::add);
                LoggedNotifications logged = new LoggedNotifications(platform());
                HiveDevice amy = HiveDevice.connect(platform(), AMY + "/phone")) {
            amy.subscribeToAll();
            register(push);
            try (HiveDevice desk = HiveDevice.connect(platform(), DESK + "/desk")) {
                desk.subscribeToAll();
                found(amy);
                burst(push, amy);
                await().atMost(DRAINED).until(() -> desk.count() == GROUPS * 3 + MESSAGES);
            }
            await().atMost(DRAINED).until(() -> amy.count() == GROUPS * 3 + MESSAGES);
            Map<ConversationId, Map<String, Integer>> seqs = seqs(amy);
            fences(amy);

            awaitNewest(seqs);
            checkLogged(logged, seqs);
            checkAccepted();
            checkOrder();
            checkRights(seqs);
            checkReadElsewhere(amy, seqs);
        }
    }

    private void register(PushProcess push) throws Exception {
        for (int i = 0; i < AWAY; i++) {
            UserId user = UserId.parse("burst-away-" + i);
            RegisterPush.Builder token = token(push, i);
            tokens.put(user, token.getToken());
            register(user, token);
        }
        register(DESK, fcm(DESKS));
        register(GONE, fcm(GONES));
        register(BEFORE, fcm(MOVED));
    }

    private static RegisterPush.Builder token(PushProcess push, int i) {
        if (i % 3 == 0) {
            return RegisterPush.newBuilder()
                    .setPlatform(PushPlatform.APNS)
                    .setToken(String.format(Locale.ROOT, "%064x", i + 1));
        }
        if (i % 3 == 1) {
            return fcm("token-" + i);
        }
        Subscription browser = push.browsers.subscribe();
        return RegisterPush.newBuilder()
                .setPlatform(PushPlatform.WEB_PUSH)
                .setToken(browser.endpoint())
                .setWebPush(WebPush.newBuilder()
                        .setEndpoint(browser.endpoint())
                        .setP256Dh(browser.p256dh())
                        .setAuth(browser.auth()));
    }

    private static RegisterPush.Builder fcm(String token) {
        return RegisterPush.newBuilder().setPlatform(PushPlatform.FCM).setToken(token);
    }

    private void register(UserId user, RegisterPush.Builder token) throws Exception {
        try (HiveDevice phone = HiveDevice.connect(platform(), user + "/phone")) {
            assertThat(phone.ask(named(Request.newBuilder().setRegisterPush(token)))
                            .hasOk())
                    .isTrue();
        }
    }

    /** Groups whose members are told each message by now. */
    private void found(HiveDevice amy) throws Exception {
        Set<UserId> members = new HashSet<>(tokens.keySet());
        members.addAll(List.of(DESK, GONE, BEFORE));
        for (int g = 0; g < GROUPS; g++) {
            groups.add(amy.createGroup("burst " + g, members.toArray(new UserId[0])));
            amy.send(groups.get(g), "f" + g, "are you there?");
        }
        await().atMost(DRAINED)
                .until(() -> tokens.values().stream()
                        .allMatch(token -> groups.stream()
                                .noneMatch(group -> accepted.shown(token, group).isEmpty())));
    }

    private void burst(PushProcess push, HiveDevice amy) throws Exception {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        beUnwell(push);
        for (int k = 0; k < MESSAGES; k++) {
            if (k == MESSAGES / 4) {
                push.kill();
            } else if (k == MESSAGES / 2) {
                CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0]))
                        .get(BACK.toSeconds(), TimeUnit.SECONDS);
                takeAway(amy);
                push.apple.goAway();
            } else if (k == MESSAGES * 3 / 4) {
                platform().kill(RoleName.ENGINE);
            }
            ConversationId group = groups.get(k % GROUPS);
            if (k >= MESSAGES / 2) {
                firstAfter.putIfAbsent(group, "m" + k);
            }
            sent.add(amy.publish(group, "m" + k, "message " + k));
        }
        CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])).get(BACK.toSeconds(), TimeUnit.SECONDS);
        platform().awaitReady(RoleName.ENGINE, BACK);
        push.awaitReady();
        beWell(push);
    }

    private void beUnwell(PushProcess push) {
        Map<String, String> soon = Map.of("Retry-After", "1");
        push.apple.unwell(true);
        push.google.misbehave("token-1", new Fault.Answer(503, "", soon));
        push.google.misbehave("token-4", new Fault.Answer(500, "", Map.of()));
        push.google.misbehave("token-7", new Fault.Drop());
        push.google.misbehave("token-10", new Fault.Slow(Duration.ofMillis(200)));
    }

    private static void beWell(PushProcess push) {
        push.apple.unwell(false);
        push.google.behave();
        push.browsers.behave();
    }

    /** GONE is no member any more, and BEFORE's token is another user's. */
    private void takeAway(HiveDevice amy) throws Exception {
        for (ConversationId group : groups) {
            assertThat(amy.ask(Request.newBuilder()
                                    .setRequestId("remove " + group)
                                    .setRemoveMembers(RemoveMembers.newBuilder()
                                            .setConversation(group.value())
                                            .addUsers(GONE.value()))
                                    .build())
                            .hasOk())
                    .isTrue();
        }
        register(HEIR, fcm(MOVED));
    }

    /** What comes to those who get nothing of the burst any more, comes after it. */
    private void fences(HiveDevice amy) throws Exception {
        for (UserId user : List.of(DESK, GONE, HEIR)) {
            amy.send(ConversationId.direct(AMY, user), "fence", "for you");
        }
        for (String token : List.of(DESKS, GONES, MOVED)) {
            await().atMost(DRAINED)
                    .until(() -> accepted.shown(token).stream()
                            .anyMatch(record -> record.body().endsWith("for you")));
        }
    }

    /** Of each group the seqs of the messages by their ids. */
    private Map<ConversationId, Map<String, Integer>> seqs(HiveDevice amy) {
        Map<ConversationId, Map<String, Integer>> seqs =
                new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        for (ChatEvent event : amy.events()) {
            if (event.hasText()) {
                int number = Integer.parseInt(event.getId().substring(1));
                seqs.computeIfAbsent(groups.get(number % GROUPS), key -> new TreeMap<>())
                        .put(event.getId(), event.getSeq());
            }
        }
        return seqs;
    }

    private static Map<String, Integer> of(Map<ConversationId, Map<String, Integer>> seqs, ConversationId group) {
        return seqs.getOrDefault(group, Map.of());
    }

    private void awaitNewest(Map<ConversationId, Map<String, Integer>> seqs) {
        seqs.forEach((group, ids) -> {
            long newest =
                    ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
            tokens.values()
                    .forEach(token -> await().atMost(DRAINED)
                            .until(() -> accepted.shown(token, group).contains(newest)));
        });
    }

    /** The engine, killed in between, has told each message once to who is away, and none to who is there. */
    private void checkLogged(LoggedNotifications logged, Map<ConversationId, Map<String, Integer>> seqs) {
        for (UserId user : tokens.keySet()) {
            for (ConversationId group : groups) {
                int messages = of(seqs, group).size();
                await().atMost(DRAINED)
                        .untilAsserted(
                                () -> assertThat(alerts(logged, user, group)).hasSizeGreaterThanOrEqualTo(messages));
                List<Integer> told = alerts(logged, user, group);
                assertThat(told)
                        .as("%s in %s", user, group)
                        .isSorted()
                        .containsOnlyOnceElementsOf(of(seqs, group).values());
            }
        }
        for (ConversationId group : groups) {
            assertThat(alerts(logged, DESK, group)).isEmpty();
        }
    }

    private static List<Integer> alerts(LoggedNotifications logged, UserId user, ConversationId group) {
        return logged.of(user).stream()
                .filter(one -> one.hasAlert() && one.getConversation().equals(group.value()))
                .map(Notification::getSeq)
                .toList();
    }

    /** What was accepted more than once was under way, or just accepted, at the crash. */
    private void checkAccepted() {
        int repeated = 0;
        int shown = 0;
        for (List<Long> seqs : accepted.alerts().values()) {
            shown += seqs.size();
            for (Long seq : new HashSet<>(seqs)) {
                int times = (int) seqs.stream().filter(seq::equals).count();
                assertThat(times)
                        .as("once, once more after the crash, and after GOAWAY")
                        .isLessThanOrEqualTo(3);
                repeated += times - 1;
            }
        }
        System.out.printf("%d alerts were accepted, %d of them again%n", shown, repeated);
        assertThat(repeated).isLessThanOrEqualTo(3 * (PushProcess.WAITING + NOT_COMMITTED));
    }

    /** Nothing overtakes a newer one. The service that was killed began again a little before, and what it had sent may be accepted after that. */
    private void checkOrder() {
        accepted.alerts().forEach((key, seqs) -> {
            int back = 0;
            for (int i = 1; i < seqs.size(); i++) {
                back += seqs.get(i) < seqs.get(i - 1) ? 1 : 0;
            }
            assertThat(back).as("%s: %s", key, seqs).isLessThanOrEqualTo(2);
        });
    }

    private void checkRights(Map<ConversationId, Map<String, Integer>> seqs) {
        firstAfter.forEach((group, id) -> {
            long first = Objects.requireNonNull(of(seqs, group).get(id));
            assertThat(accepted.shown(GONES, group)).as("before the removal").isNotEmpty();
            assertThat(accepted.shown(GONES, group)).as("after the removal").allMatch(seq -> seq < first);
            assertThat(accepted.shown(MOVED, group)).as("after the move").allMatch(seq -> seq < first);
            assertThat(accepted.shown(DESKS, group)).as("a device had it").isEmpty();
        });
    }

    private void checkReadElsewhere(HiveDevice amy, Map<ConversationId, Map<String, Integer>> seqs) throws Exception {
        UserId reader = tokens.keySet().iterator().next();
        String token = Objects.requireNonNull(tokens.get(reader));
        ConversationId group = groups.get(0);
        int newest = of(seqs, group).values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        try (HiveDevice elsewhere = HiveDevice.connect(platform(), reader + "/elsewhere")) {
            elsewhere.subscribe(group);
            elsewhere.read(group, newest);
            await().atMost(DRAINED)
                    .until(() -> accepted.all().stream()
                            .anyMatch(record -> record.withdraw()
                                    && record.token().equals(token)
                                    && record.conversation().equals(group.value())));
        }
        int before = accepted.shown(token, group).size();
        amy.send(groups.get(1), "last", "something else");
        await().atMost(DRAINED)
                .until(() -> accepted.shown(token).stream()
                        .anyMatch(record -> record.body().endsWith("something else")));
        assertThat(accepted.shown(token, group)).as("it was read").hasSize(before);
    }
}
