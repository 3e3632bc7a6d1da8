package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.parley.protocol.UserId;
import io.parley.standalone.ChatClient.Received;
import io.parley.standalone.pages.PlayedPage;
import io.parley.standalone.pages.Step;
import io.parley.standalone.pages.Step.Kind;
import io.parley.standalone.pages.Story;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Plays pages of the documentation on a platform, each step when the one before is done. Every device that a page names is connected from the beginning, unless
 * the page connects it, and subscribes to all of its user's conversations and replies.
 */
final class PagePlayer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MOST_FAULTS = 4;
    /** What tells how things are, which may be a moment behind: it is asked again. */
    private static final Set<String> QUESTIONS =
            Set.of("history", "listConversations", "listDevices", "listInvitations");

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final Platform platform;
    private final Story story;
    private final Map<String, HiveMqClient> devices = new HashMap<>();
    /** How much of what a device received was shown by the page, by its place. */
    private final Map<String, Set<Integer>> shown = new HashMap<>();

    /** The last request of a device. */
    private record Asked(String topic, JsonObject request, long atNanos) {
        boolean mayAgain() {
            return QUESTIONS.stream().anyMatch(request::has) && System.nanoTime() - atNanos > AGAIN.toNanos();
        }
    }

    private final Map<String, Asked> asked = new HashMap<>();

    /** @param suffix what users' names end with, so that they are nobody else's on the platform */
    PagePlayer(Platform platform, String suffix) {
        this.platform = platform;
        this.story = new Story(suffix);
    }

    void play(PlayedPage page) throws Exception {
        Set<String> connectedLater = new HashSet<>();
        for (Step step : page.steps()) {
            if (step.kind() == Kind.CONNECTS) {
                connectedLater.add(step.clientId());
            } else if (step.kind() != Kind.IS_ERASED && !connectedLater.contains(step.clientId())) {
                connect(step);
            }
        }
        List<String> faults = new ArrayList<>();
        for (Step step : page.steps()) {
            try {
                play(step);
            } catch (AssertionError | ConditionTimeoutException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
            // What comes after may fail for it: what is wrong at first is enough.
            if (faults.size() == MOST_FAULTS) {
                break;
            }
        }
        assertThat(faults).as("what differs from the page").isEmpty();
    }

    private void play(Step step) throws Exception {
        switch (step.kind()) {
            case PUBLISHES -> publish(step);
            case RECEIVES -> receive(step);
            case CONNECTS -> connect(step);
            case DISCONNECTS -> device(step).close();
            case IS_ERASED -> OperatorProgram.run(platform, ClientProgram.ERASE, story.actual(step.user()), "--yes");
        }
    }

    private void connect(Step step) {
        devices.computeIfAbsent(step.clientId(), id -> {
            String user = story.actual(step.user());
            HiveMqClient client = new HiveMqClient(Login.of(platform, UserId.parse(user), step.device()));
            client.subscribe("user/" + user + "/reply");
            client.subscribe("chat/#");
            return client;
        });
    }

    private HiveMqClient device(Step step) {
        HiveMqClient client = devices.get(step.clientId());
        assertThat(client)
                .as("%s: %s is connected", step.place(), step.clientId())
                .isNotNull();
        return client;
    }

    private void publish(Step step) {
        JsonObject payload = story.published(step.example()).getAsJsonObject();
        String topic = story.actual(step.topic());
        if (step.refusal() != 0) {
            Mqtt5PubAckException refused =
                    catchThrowableOfType(Mqtt5PubAckException.class, () -> send(step, topic, payload));
            assertThat(refused).as("%s: the refusal", step.place()).isNotNull();
            assertThat(refused.getMqttMessage().getReasonCode().getCode())
                    .as("%s: %s", step.place(), refused.getMqttMessage().getReasonString())
                    .isEqualTo(step.refusal());
            return;
        }
        send(step, topic, payload);
    }

    private void send(Step step, String topic, JsonObject payload) {
        if (topic.endsWith("/request")) {
            asked.put(step.clientId(), new Asked(topic, payload, System.nanoTime()));
        }
        device(step).publish(topic, payload.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void receive(Step step) {
        String topic = story.actual(step.topic());
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(difference(step, topic))
                        .as("%s: what %s receives on %s", step.place(), step.clientId(), topic)
                        .isEmpty());
    }

    /** How what has come differs from the example; empty: one of it does not. */
    private String difference(Step step, String topic) {
        Set<Integer> before = shown.computeIfAbsent(step.clientId(), id -> new HashSet<>());
        List<Received> received = device(step).received();
        String difference = "nothing came that the page did not show before";
        boolean answered = false;
        for (int i = 0; i < received.size(); i++) {
            Received one = received.get(i);
            if (one.topic().equals(topic) && !before.contains(i)) {
                JsonElement came = JsonParser.parseString(one.payload());
                String differs = story.difference(step.example(), came);
                if (differs == null) {
                    before.add(i);
                    return "";
                }
                answered |= isAnswer(step, came);
                difference = differs + " in " + one.payload();
            }
        }
        if (answered) {
            askAgain(step);
        }
        return difference;
    }

    private static boolean isAnswer(Step step, JsonElement came) {
        JsonElement id = step.example().get("requestId");
        return id != null && id.equals(came.getAsJsonObject().get("requestId"));
    }

    private void askAgain(Step step) {
        Asked last = asked.get(step.clientId());
        if (last != null && last.mayAgain()) {
            send(step, last.topic(), last.request());
        }
    }

    @Override
    public void close() {
        devices.values().forEach(HiveMqClient::close);
    }
}
