package io.parley.standalone.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Typing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/asyncapi.yaml} says what the schema says, and its messages are those of the topics. */
class AsyncApiTest {
    private static final Path HOME = Path.of(System.getProperty("parley.home", ".."));
    private static final Path FILE = HOME.resolve("docs/asyncapi.yaml");
    private static final Path PROTOS = HOME.resolve("protocol/src/main/proto/parley/v1");

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    @Test
    void its_schemas_are_those_of_the_messages_and_nothing_else() throws IOException {
        String text = Files.readString(FILE);
        String made = AsyncApi.withSchemas(text, PROTOS);
        if (Boolean.getBoolean("parley.docs.write")) {
            Files.writeString(FILE, made);
        }
        assertThat(Files.readString(FILE))
                .as("docs/asyncapi.yaml; -Dparley.docs.write=true writes its schemas anew")
                .isEqualTo(made);
    }

    @Test
    void what_is_only_of_http_is_described_by_openapi() throws IOException {
        AsyncApi described = AsyncApi.read(FILE);
        Set<String> here = names(described.document().path("components").path("schemas"));
        Set<String> elsewhere = ChatEvent.getDescriptor().getFile().getMessageTypes().stream()
                .map(Descriptor::getName)
                .filter(name -> !here.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(elsewhere).containsExactly("AttachmentLink", "ConversationList", "DirectUpload");
        JsonNode openApi = new ObjectMapper()
                .readTree(Files.readString(HOME.resolve("history-service/src/main/resources/openapi.json")));
        assertThat(openApi.path("openapi").asText()).startsWith("3.1.");
        assertThat(names(openApi.path("components").path("schemas"))).containsAll(elsewhere);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void its_channels_carry_what_the_topics_carry() throws IOException {
        JsonNode document = AsyncApi.read(FILE).document();
        List<String> carried = new ArrayList<>();
        for (JsonNode operation : document.path("operations")) {
            String channel = operation.path("channel").path("$ref").asText().replaceAll(".*/", "");
            String address =
                    document.path("channels").path(channel).path("address").asText();
            String feed = address.replaceAll(".*/", "");
            for (JsonNode message : operation.path("messages")) {
                String name = message.path("$ref").asText().replaceAll(".*/", "");
                JsonNode payload = document.at(document.path("channels")
                                .path(channel)
                                .path("messages")
                                .path(name)
                                .path("$ref")
                                .asText()
                                .substring(1))
                        .path("payload")
                        .path("$ref");
                carried.add(operation.path("action").asText() + " " + feed + " "
                        + payload.asText().replaceAll(".*/", ""));
            }
        }
        List<String> expected = new ArrayList<>();
        AsyncApi.PUBLISHED.forEach((feed, type) -> expected.add("send " + feed + " " + type.getName()));
        AsyncApi.RECEIVED.forEach((feed, type) -> expected.add("receive " + feed + " " + type.getName()));
        assertThat(carried).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'text':5}",
                "{'seq':-1}",
                "{'seq':1.5}",
                "{'nothing':1}",
                "{'edited':false}",
                "{'attachments':{}}",
                "{'roleChanged':{'user':'bob','role':'KING'}}",
                "{'roleChanged':{'user':'bob','role':'ROLE_UNSPECIFIED'}}",
                "{'text':'a','deleted':{'seq':1}}",
                "{'edited':{'seq':1,'text':'x'},'text':'a'}"
            })
    void what_is_no_event_does_not_pass_its_schema(String event) throws IOException {
        assertThat(AsyncApi.read(FILE).faults(ChatEvent.getDescriptor(), json(event)))
                .isNotEmpty();
    }

    @Test
    void what_is_one_passes() throws IOException {
        AsyncApi described = AsyncApi.read(FILE);
        assertThat(described.faults(
                        ChatEvent.getDescriptor(),
                        json("{'seq':1,'from':'a','text':'x','edited':true,'reactions':[]}")))
                .isEmpty();
        assertThat(described.faults(ChatEvent.getDescriptor(), json("{'seq':2,'edited':{'seq':1,'text':'x'}}")))
                .isEmpty();
        assertThat(described.faults(Typing.getDescriptor(), json("{'typing':true}")))
                .isEmpty();
        assertThat(described.faults(Request.getDescriptor(), json("{'requestId':'r'}")))
                .as("asks for nothing")
                .isNotEmpty();
        assertThat(described.faults(Reply.getDescriptor(), json("{'requestId':'r','ok':{}}")))
                .isEmpty();
    }
}
