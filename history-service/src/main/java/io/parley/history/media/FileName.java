package io.parley.history.media;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file's name in a {@code Content-Disposition} (RFC 6266). */
final class FileName {
    private static final Pattern EXTENDED =
            Pattern.compile("filename\\*\\s*=\\s*utf-8'[^']*'([^;\\s]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLAIN =
            Pattern.compile("filename\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);

    private FileName() {}

    /** The name, without the folders before it; empty if there is none. */
    static String of(@Nullable String header) {
        if (header == null) {
            return "";
        }
        Matcher extended = EXTENDED.matcher(header);
        if (extended.find()) {
            try {
                return last(URLDecoder.decode(extended.group(1).replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw HttpRefusal.bad("filename* of Content-Disposition is not percent-encoded");
            }
        }
        Matcher plain = PLAIN.matcher(header);
        if (!plain.find()) {
            return "";
        }
        String name = plain.group(1) == null ? plain.group(2) : plain.group(1).replaceAll("\\\\(.)", "$1");
        // Header bytes that are UTF-8 come as single characters.
        return last(name.chars().allMatch(character -> character < 0x100) ? utf8(name) : name);
    }

    private static String utf8(String name) {
        String decoded = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return decoded.indexOf('\uFFFD') < 0 ? decoded : name;
    }

    private static String last(String name) {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    /**
     * The header for a name.
     *
     * @param type {@code inline} or {@code attachment}
     */
    static String header(String type, String name) {
        if (name.isEmpty()) {
            return type;
        }
        String ascii = name.replaceAll("[^ A-Za-z0-9._()-]", "_");
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return type + "; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
    }
}
