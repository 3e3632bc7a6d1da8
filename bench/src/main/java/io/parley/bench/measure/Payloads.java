package io.parley.bench.measure;

import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Publication;
import java.nio.charset.StandardCharsets;

/** The messages of a load. */
public final class Payloads {
    private static final int TEXT_BYTES = 100;

    private Payloads() {}

    /** The text of message {@code k}, 100 bytes of plain ASCII. */
    public static String text(int k) {
        String number = k + " ";
        return number + "x".repeat(TEXT_BYTES - number.length());
    }

    /** What is published; id and text are plain ASCII without quotes. */
    public static byte[] of(String id, String text, WireFormat encoding) {
        if (encoding == WireFormat.JSON) {
            return ("{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}").getBytes(StandardCharsets.US_ASCII);
        }
        return Publication.newBuilder().setId(id).setText(text).build().toByteArray();
    }
}
