package io.parley.standalone.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.standalone.pages.Step.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples on the protocol's pages, without a platform: they are what the schema says, and nothing is without one. */
class ProtocolExamplesTest {
    private static final Path DOCS =
            Path.of(System.getProperty("parley.home", "..")).resolve("docs");
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;

    private final List<Step> steps = new ArrayList<>();

    ProtocolExamplesTest() throws IOException {
        for (String page :
                List.of("protocol.md", "protocol/messages.md", "protocol/requests.md", "protocol/invitations.md")) {
            PlayedPage.read(DOCS.resolve(page)).steps().stream()
                    .filter(step -> step.kind().isPacket())
                    .forEach(steps::add);
        }
    }

    private static Descriptor type(Step step) {
        Descriptor type = (step.kind() == Kind.PUBLISHES ? AsyncApi.PUBLISHED : AsyncApi.RECEIVED)
                .get(step.topic().replaceAll(".*/", ""));
        assertThat(type)
                .as("%s: what a device %s there", step.place(), step.kind())
                .isNotNull();
        return type;
    }

    /** Whether the page says that the server does not understand it. */
    private boolean isNone(int at) {
        if (steps.get(at).refusal() == PAYLOAD_FORMAT_INVALID) {
            return true;
        }
        JsonObject next = at + 1 < steps.size() ? steps.get(at + 1).example() : new JsonObject();
        return steps.get(at).kind() == Kind.PUBLISHES && next.toString().contains("\"BAD_REQUEST\"");
    }

    @Test
    void every_example_is_what_its_schema_says_and_what_is_shown_as_wrong_is_not() throws IOException {
        AsyncApi described = AsyncApi.read(DOCS.resolve("asyncapi.yaml"));
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            List<String> faults = described.faults(type(step), step.example());
            if (isNone(i)) {
                assertThat(faults).as(step.place()).isNotEmpty();
            } else {
                assertThat(faults).as(step.place()).isEmpty();
            }
        }
    }

    @Test
    void everything_that_there_is_has_an_example() {
        assertThat(shown(Publication.getDescriptor())).containsAll(choices(Publication.getDescriptor()));
        assertThat(shown(ChatEvent.getDescriptor())).containsAll(choices(ChatEvent.getDescriptor()));
        assertThat(shown(Request.getDescriptor())).containsAll(choices(Request.getDescriptor()));
        // A plugin's answer is shown in words: none of the examples among the plugins answers requests.
        assertThat(shown(Reply.getDescriptor()))
                .containsAll(names(Reply.getDescriptor().getFields().stream()
                        .filter(field -> !Set.of("next", "plugin_reply").contains(field.getName()))));
    }

    private Set<String> shown(Descriptor type) {
        Set<String> shown = new TreeSet<>();
        for (Step step : steps) {
            if (type(step).equals(type)) {
                shown.addAll(step.example().keySet());
                // Messages of history are events, too.
            } else if (type.equals(ChatEvent.getDescriptor()) && step.example().has("history")) {
                JsonObject page = step.example().getAsJsonObject("history");
                if (page.has("messages")) {
                    page.getAsJsonArray("messages")
                            .forEach(one -> shown.addAll(one.getAsJsonObject().keySet()));
                }
            }
        }
        return shown;
    }

    private static Set<String> choices(Descriptor type) {
        return names(type.getRealOneofs().stream().flatMap(choice -> choice.getFields().stream()));
    }

    private static Set<String> names(Stream<FieldDescriptor> fields) {
        return fields.map(FieldDescriptor::getJsonName).collect(Collectors.toCollection(TreeSet::new));
    }
}
