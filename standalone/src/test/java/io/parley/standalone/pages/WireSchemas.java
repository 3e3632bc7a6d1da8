package io.parley.standalone.pages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The JSON Schema of messages in their JSON encoding, and of all that they are made of. */
final class WireSchemas {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;
    /** Where one of a oneof has to be there: without it the message asks for nothing. */
    private static final Set<String> NEEDED = Set.of("Request.request", "SetRetention.keep", "Retention.keep");

    private final ProtoComments comments;
    private final Map<String, ObjectNode> schemas = new TreeMap<>();

    WireSchemas(ProtoComments comments) {
        this.comments = comments;
    }

    /** Every message and enum that these are made of, by name. */
    ObjectNode of(List<Descriptor> roots) {
        roots.forEach(this::add);
        ObjectNode all = node();
        schemas.forEach(all::set);
        return all;
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void add(Descriptor type) {
        if (schemas.containsKey(type.getName())) {
            return;
        }
        ObjectNode schema = described(node(), type.getName());
        schemas.put(type.getName(), schema);
        schema.put("type", "object");
        ObjectNode properties = node();
        for (FieldDescriptor field : type.getFields()) {
            property(properties, field);
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        List<OneofDescriptor> choices = type.getRealOneofs();
        if (choices.size() == 1) {
            schema.set("oneOf", choices(type, choices.get(0)));
        }
    }

    private ObjectNode described(ObjectNode schema, String name) {
        if (!comments.of(name).isEmpty()) {
            schema.put("description", comments.of(name));
        }
        return schema;
    }

    /** The JSON encoding calls {@code was_edited} what one of the events is called, too. */
    private static boolean isEditedMark(FieldDescriptor field) {
        return field.getName().equals("was_edited");
    }

    private void property(ObjectNode properties, FieldDescriptor field) {
        if (isEditedMark(field)) {
            ObjectNode event = (ObjectNode) properties.get("edited");
            ObjectNode mark = described(node(), "ChatEvent.was_edited").put("const", true);
            ObjectNode either = node();
            either.set("oneOf", JsonNodeFactory.instance.arrayNode().add(event).add(mark));
            properties.set("edited", either);
            return;
        }
        ObjectNode schema = value(field);
        if (field.isMapField() || !field.isRepeated()) {
            properties.set(field.getJsonName(), schema);
        } else {
            ObjectNode list = described(node(), fullName(field)).put("type", "array");
            list.set("items", schema);
            properties.set(field.getJsonName(), list);
        }
    }

    private static String fullName(FieldDescriptor field) {
        return field.getContainingType().getName() + "." + field.getName();
    }

    private ObjectNode value(FieldDescriptor field) {
        ObjectNode schema = field.isRepeated() ? node() : described(node(), fullName(field));
        if (field.isMapField()) {
            schema.put("type", "object").set("additionalProperties", node().put("type", "string"));
            return schema;
        }
        switch (field.getJavaType()) {
            case STRING -> schema.put("type", "string");
            case BYTE_STRING -> schema.put("type", "string").put("contentEncoding", "base64");
            case BOOLEAN -> schema.put("type", "boolean");
            case INT -> schema.put("type", "integer").put("minimum", 0).put("maximum", MAX_UINT32);
            case ENUM -> reference(schema, add(field.getEnumType()));
            case MESSAGE -> {
                if (field.getMessageType().equals(Timestamp.getDescriptor())) {
                    schema.put("type", "string").put("format", "date-time");
                } else {
                    add(field.getMessageType());
                    reference(schema, field.getMessageType().getName());
                }
            }
            default -> throw new IllegalStateException(fullName(field) + " is of a type that has no schema yet");
        }
        return schema;
    }

    /** Beside a reference nothing else counts. */
    private static void reference(ObjectNode schema, String name) {
        String description = schema.path("description").asText();
        String target = "#/components/schemas/" + name;
        if (description.isEmpty()) {
            schema.put("$ref", target);
        } else {
            schema.set("allOf", JsonNodeFactory.instance.arrayNode().add(node().put("$ref", target)));
        }
    }

    private String add(EnumDescriptor type) {
        ObjectNode schema = described(node(), type.getName()).put("type", "string");
        ArrayNode values = schema.putArray("enum");
        for (EnumValueDescriptor value : type.getValues()) {
            // The first of each says that nothing is set, and is never written.
            if (value.getNumber() != 0) {
                values.add(value.getName());
            }
        }
        schemas.put(type.getName(), schema);
        return type.getName();
    }

    private static ArrayNode choices(Descriptor type, OneofDescriptor choice) {
        ArrayNode choices = JsonNodeFactory.instance.arrayNode();
        List<ObjectNode> each = new ArrayList<>();
        for (FieldDescriptor field : choice.getFields()) {
            each.add(required(type, field));
        }
        each.forEach(choices::add);
        if (!NEEDED.contains(type.getName() + "." + choice.getName())) {
            ObjectNode none = node();
            none.putObject("not")
                    .set("anyOf", JsonNodeFactory.instance.arrayNode().addAll(each));
            choices.add(none);
        }
        return choices;
    }

    private static ObjectNode required(Descriptor type, FieldDescriptor field) {
        ObjectNode schema = node();
        schema.putArray("required").add(field.getJsonName());
        if (type.getName().equals("ChatEvent") && field.getName().equals("edited")) {
            schema.putObject("properties").putObject("edited").put("type", "object");
        }
        return schema;
    }
}
