package io.parley.standalone.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Typing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code docs/asyncapi.yaml}: its head is written by hand, its schemas are those of {@code chat.proto}. */
public final class AsyncApi {
    /** What a device publishes, and what it receives, by the end of the topic. */
    static final Map<String, Descriptor> PUBLISHED = Map.of(
            "msg", Publication.getDescriptor(),
            "receipt", ReadReceipt.getDescriptor(),
            "typing", Typing.getDescriptor(),
            "request", Request.getDescriptor());

    static final Map<String, Descriptor> RECEIVED = Map.of(
            "msg", ChatEvent.getDescriptor(),
            "receipt", Receipts.getDescriptor(),
            "typing", Typing.getDescriptor(),
            "presence", Presences.getDescriptor(),
            "reply", Reply.getDescriptor());

    static final List<Descriptor> ROOTS = List.of(
            Publication.getDescriptor(),
            ChatEvent.getDescriptor(),
            ReadReceipt.getDescriptor(),
            Receipts.getDescriptor(),
            Typing.getDescriptor(),
            Presences.getDescriptor(),
            Request.getDescriptor(),
            Reply.getDescriptor());

    private static final String BELOW =
            "  # Made from chat.proto; do not edit it. -Dparley.docs.write=true for AsyncApiTest writes it anew.\n";

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build());

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    private final JsonNode document;

    AsyncApi(JsonNode document) {
        this.document = document;
    }

    /** Reads the document. */
    public static AsyncApi read(Path file) throws IOException {
        return new AsyncApi(YAML.readTree(Files.readString(file)));
    }

    /** The document. */
    JsonNode document() {
        return document;
    }

    /** A document's text with its schemas as {@code chat.proto} has them. */
    static String withSchemas(String text, Path protos) throws IOException {
        int at = text.indexOf(BELOW);
        if (at < 0) {
            throw new IllegalStateException("the document lacks the line: " + BELOW.strip());
        }
        ProtoComments comments = ProtoComments.read(protos.resolve("chat.proto"), protos.resolve("push.proto"));
        ObjectNode schemas = new WireSchemas(comments).of(ROOTS);
        String lines = YAML.writeValueAsString(schemas);
        return text.substring(0, at) + BELOW + "  schemas:\n" + lines.indent(4);
    }

    /** What is wrong with a message by the schema of its name; a field that the schema does not have is wrong, too. */
    List<String> faults(Descriptor type, JsonObject message) {
        ObjectNode schema = document.deepCopy();
        schema.path("components").path("schemas").forEach(AsyncApi::close);
        schema.put("$ref", "#/components/schemas/" + type.getName());
        return faults(registry.getSchema(schema), message.toString());
    }

    /** Clients ignore what they do not know; a test does not. */
    private static void close(JsonNode schema) {
        if (schema.path("type").asText().equals("object")) {
            ((ObjectNode) schema).put("additionalProperties", false);
        }
    }

    /** What is wrong with the document by the schema of such documents. */
    public List<String> faults(Path schemaOfDocuments) throws IOException {
        return faults(registry.getSchema(YAML.readTree(Files.readString(schemaOfDocuments))), document.toString());
    }

    private static List<String> faults(Schema schema, String json) {
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Error::toString)
                .toList();
    }
}
