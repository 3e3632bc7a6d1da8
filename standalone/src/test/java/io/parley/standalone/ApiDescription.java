package io.parley.standalone;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What {@code /openapi.json} says: which operations there are, and whether an answer is as it describes it. As much of JSON Schema as it uses. */
final class ApiDescription {
    private final JsonObject root;
    private final Set<String> played = new TreeSet<>();

    ApiDescription(JsonObject root) {
        this.root = root;
    }

    /** Every operation: {@code GET /v1/poll}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        root.getAsJsonObject("paths")
                .entrySet()
                .forEach(path -> path.getValue()
                        .getAsJsonObject()
                        .keySet()
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Those that answers were compared with. */
    Set<String> played() {
        return played;
    }

    /** What is wrong with an answer; empty: nothing. */
    List<String> faults(String operation, int status, JsonElement body) {
        played.add(operation);
        String[] parts = operation.split(" ", 2);
        JsonObject responses = root.getAsJsonObject("paths")
                .getAsJsonObject(parts[1])
                .getAsJsonObject(parts[0].toLowerCase(Locale.ROOT))
                .getAsJsonObject("responses");
        if (!responses.has(Integer.toString(status))) {
            return List.of(operation + " does not tell of status " + status);
        }
        JsonObject response = resolved(responses.getAsJsonObject(Integer.toString(status)));
        List<String> faults = new ArrayList<>();
        if (response.has("content") && response.getAsJsonObject("content").has("application/json")) {
            check(
                    response.getAsJsonObject("content")
                            .getAsJsonObject("application/json")
                            .getAsJsonObject("schema"),
                    body,
                    operation + " " + status,
                    faults);
        }
        return faults;
    }

    private JsonObject resolved(JsonObject part) {
        JsonObject found = part;
        while (found.has("$ref")) {
            JsonObject at = root;
            for (String step : found.get("$ref").getAsString().substring(2).split("/", -1)) {
                at = at.getAsJsonObject(step);
            }
            found = at;
        }
        return found;
    }

    private void check(JsonObject reference, JsonElement value, String where, List<String> faults) {
        JsonObject schema = resolved(reference);
        if (schema.has("type") && !isOf(schema.get("type"), value)) {
            faults.add(where + " is no " + schema.get("type") + ": " + value);
            return;
        }
        if (schema.has("enum") && !schema.getAsJsonArray("enum").contains(value)) {
            faults.add(where + " is none of the values: " + value);
        }
        if (value.isJsonArray() && schema.has("items")) {
            value.getAsJsonArray()
                    .forEach(element -> check(schema.getAsJsonObject("items"), element, where + "[]", faults));
        }
        if (value.isJsonObject()) {
            checkFields(schema, value.getAsJsonObject(), where, faults);
        }
    }

    private void checkFields(JsonObject schema, JsonObject value, String where, List<String> faults) {
        JsonObject properties = schema.has("properties") ? schema.getAsJsonObject("properties") : new JsonObject();
        if (schema.has("required")) {
            schema.getAsJsonArray("required").forEach(name -> {
                if (!value.has(name.getAsString())) {
                    faults.add(where + " lacks " + name);
                }
            });
        }
        boolean closed = schema.has("additionalProperties")
                && !schema.get("additionalProperties").getAsBoolean();
        for (Map.Entry<String, JsonElement> field : value.entrySet()) {
            if (properties.has(field.getKey())) {
                check(
                        properties.getAsJsonObject(field.getKey()),
                        field.getValue(),
                        where + "." + field.getKey(),
                        faults);
            } else if (closed) {
                faults.add(where + " has a field that is not described: " + field.getKey());
            }
        }
    }

    private static boolean isOf(JsonElement types, JsonElement value) {
        JsonArray all = new JsonArray();
        if (types.isJsonArray()) {
            all.addAll(types.getAsJsonArray());
        } else {
            all.add(types);
        }
        for (JsonElement type : all) {
            boolean fits = switch (type.getAsString()) {
                case "object" -> value.isJsonObject();
                case "array" -> value.isJsonArray();
                case "string" ->
                    value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
                case "boolean" ->
                    value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
                default -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
            };
            if (fits) {
                return true;
            }
        }
        return false;
    }
}
