package io.parley.standalone.pages;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page whose examples are played in their order. A comment that readers do not see stands before each {@code json} block and says what it is:
 *
 * <pre>
 * &lt;!-- play: alice publishes chat/@bob/msg --&gt;
 * &lt;!-- play: bob/tablet receives chat/alice~bob/msg --&gt;
 * &lt;!-- play: bob publishes chat/alice~bob/msg, refused with 0x99 --&gt;
 * </pre>
 *
 * <p>{@code connects}, {@code disconnects} and {@code is erased} have no block. A user's device is {@code phone} where none is named.
 *
 * @param steps in the page's order
 */
public record PlayedPage(List<Step> steps) {
    private static final Pattern MARKER = Pattern.compile("<!-- play: (.*) -->");
    private static final Pattern PACKET =
            Pattern.compile("([a-z]+)(?:/([a-z]+))? (publishes|receives) (\\S+?)(?:, refused with 0x([0-9A-F]{2}))?");
    private static final Pattern OTHER = Pattern.compile("([a-z]+)(?:/([a-z]+))? (connects|disconnects|is erased)");
    private static final String FENCE = "```";
    private static final String JSON = FENCE + "json";

    /** Reads a file. @throws IllegalStateException a block has no marker, or a marker is none; the text names the line */
    public static PlayedPage read(Path file) throws IOException {
        return parse(file.getFileName().toString(), Files.readAllLines(file));
    }

    /** @param page the file's name, for errors */
    static PlayedPage parse(String page, List<String> lines) {
        List<Step> steps = new ArrayList<>();
        Step waiting = null;
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            Matcher marker = MARKER.matcher(line);
            if (marker.matches()) {
                require(waiting == null, page, at, "the marker before it has no json block");
                Step step = step(page, at + 1, marker.group(1));
                if (step.kind().isPacket()) {
                    waiting = step;
                } else {
                    steps.add(step);
                }
            } else if (line.strip().startsWith(FENCE)) {
                int end = end(page, lines, at);
                if (line.equals(JSON)) {
                    require(
                            waiting != null,
                            page,
                            at,
                            "a json block that is not played: put <!-- play: … --> before it");
                    steps.add(with(waiting, object(page, at, lines.subList(at + 1, end))));
                    waiting = null;
                } else {
                    require(!line.contains("json"), page, at, "a json block begins with " + JSON + " and nothing else");
                }
                at = end;
            } else {
                require(waiting == null || line.isBlank(), page, at, "the marker before it has no json block");
            }
            at++;
        }
        require(waiting == null, page, at, "the last marker has no json block");
        return new PlayedPage(List.copyOf(steps));
    }

    private static int end(String page, List<String> lines, int begin) {
        for (int i = begin + 1; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(FENCE)) {
                return i;
            }
        }
        throw new IllegalStateException(page + ":" + (begin + 1) + " the block has no end");
    }

    private static Step step(String page, int line, String said) {
        Matcher packet = PACKET.matcher(said);
        Matcher other = OTHER.matcher(said);
        boolean isPacket = packet.matches();
        require(isPacket || other.matches(), page, line - 1, "the marker is none of those that are played: " + said);
        Matcher found = isPacket ? packet : other;
        String code = isPacket ? found.group(5) : null;
        return new Step(
                page,
                line,
                Step.Kind.valueOf(found.group(3).replace(' ', '_').toUpperCase(Locale.ROOT)),
                found.group(1),
                found.group(2) == null ? "phone" : found.group(2),
                isPacket ? found.group(4) : "",
                null,
                code == null ? 0 : Integer.parseInt(code, 16));
    }

    private static Step with(@Nullable Step step, JsonObject payload) {
        if (step == null) {
            throw new IllegalStateException("a block without its marker");
        }
        return new Step(
                step.page(),
                step.line(),
                step.kind(),
                step.user(),
                step.device(),
                step.topic(),
                payload,
                step.refusal());
    }

    private static JsonObject object(String page, int at, List<String> lines) {
        try {
            JsonReader reader = new JsonReader(new StringReader(String.join("\n", lines)));
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(reader);
            require(element.isJsonObject(), page, at, "the block is no JSON object");
            return element.getAsJsonObject();
        } catch (JsonParseException e) {
            throw new IllegalStateException(page + ":" + (at + 1) + " the block is no JSON: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String page, int at, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(page + ":" + (at + 1) + " " + otherwise);
        }
    }
}
