package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPartition;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rights to read end in time although the writer of the history, from which they are told, writes nothing. */
@WithPlatform
class HeldHistoryIT extends ConversationChecks {
    private static final Duration RIGHTS_END_WITHIN = Duration.ofSeconds(5);
    private static final Duration WATCHED = Duration.ofSeconds(8);
    /** Of the shared platform. */
    private static final int PARTITIONS = 2;

    private static final UserId BOB = UserId.parse("unwritten-bob");

    private final HttpClient http = HttpClient.newHttpClient();

    HeldHistoryIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_removed_member_reads_nothing_more_although_the_removal_is_not_written() throws Exception {
        try (HiveDevice ann = HiveDevice.connect(platform(), "unwritten-ann/phone");
                HiveDevice bob = HiveDevice.connect(platform(), BOB + "/phone")) {
            List<ConversationId> groups = groupsByPartition(ann);
            for (ConversationId group : groups) {
                await().atMost(LIMIT).until(() -> get(messages(group)).statusCode() == 200);
            }
            ConversationId unwritten;
            try (HeldPartition held = HeldPartition.take(platform())) {
                unwritten = groups.get(held.partition());
                assertThat(ann.ask(named(Request.newBuilder()
                                        .setRemoveMembers(RemoveMembers.newBuilder()
                                                .setConversation(unwritten.value())
                                                .addUsers(BOB.value()))))
                                .hasOk())
                        .isTrue();

                watch(unwritten, System.nanoTime());

                assertThat(get(messages(unwritten)).headers().firstValueAsLong("Retry-After"))
                        .isPresent();
                assertThat(get("/v1/conversations").body())
                        .as("the engine tells it")
                        .contains(groups.get(PARTITIONS - 1 - held.partition()).value())
                        .doesNotContain(unwritten.value());
                assertThat(code(bob, history(unwritten))).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(listed(bob))
                        .as("the engine tells it")
                        .contains(groups.get(PARTITIONS - 1 - held.partition()).value())
                        .doesNotContain(unwritten.value());
                // The other partition's writer goes on.
                ConversationId other = groups.get(PARTITIONS - 1 - held.partition());
                await().atMost(LIMIT).until(() -> get(messages(other)).statusCode() == 200);
            }

            await().atMost(LIMIT).until(() -> get(messages(unwritten)).statusCode() == 403);
            await().atMost(LIMIT).until(() -> code(bob, history(unwritten)) == ErrorCode.NOT_A_MEMBER);
            assertThat(get("/v1/conversations").statusCode()).isEqualTo(200);
            assertThat(get("/v1/conversations").body()).doesNotContain(unwritten.value());
        }
    }

    /** One group of the two in each partition of the log. */
    private static List<ConversationId> groupsByPartition(HiveDevice ann) throws Exception {
        Map<Integer, ConversationId> groups = new TreeMap<>();
        for (int i = 0; groups.size() < PARTITIONS; i++) {
            ConversationId group = ann.createGroup("unwritten-" + i, BOB);
            groups.put(LogPartition.of(group, PARTITIONS), group);
        }
        return List.copyOf(groups.values());
    }

    private void watch(ConversationId group, long removedNanos) {
        await().atMost(LIMIT).until(() -> {
            Duration since = Duration.ofNanos(System.nanoTime() - removedNanos);
            int status = get(messages(group)).statusCode();
            if (since.compareTo(RIGHTS_END_WITHIN) >= 0) {
                assertThat(status).as("asked %s after the removal", since).isEqualTo(503);
            }
            return since.compareTo(WATCHED) > 0;
        });
    }

    private static Request.Builder history(ConversationId group) {
        return Request.newBuilder().setHistory(HistoryRequest.newBuilder().setConversation(group.value()));
    }

    private static ErrorCode code(HiveDevice device, Request.Builder request) throws Exception {
        return device.ask(named(request)).getError().getCode();
    }

    private static List<String> listed(HiveDevice device) throws Exception {
        Reply reply = device.ask(named(Request.newBuilder().setListConversations(ListConversations.newBuilder())));
        return reply.getConversationsList().stream()
                .map(ConversationSummary::getId)
                .toList();
    }

    private static String messages(ConversationId group) {
        return "/v1/conversations/" + group + "/messages";
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + Addresses.HOST + ":"
                        + platform().addresses().http() + path))
                .header("Authorization", "Bearer " + platform().token(BOB, Duration.ofMinutes(10)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
