package io.parley.storage.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A row as a value in Redis: kind (1 byte), its end in milliseconds (8), the event's length (4), the event; after it, if the message was edited, a byte and
 * the text in UTF-8. {@code append.lua} replaces that text. A seq of which nothing is stored is the kind alone.
 */
final class RowCodec {
    private static final byte GONE = 0;
    private static final byte STORED = 1;
    private static final byte EDITED = 'E';
    private static final int HEADER_BYTES = 13;

    private RowCodec() {}

    static byte[] encode(CachedRow row) {
        byte[] event = row.event();
        if (event == null) {
            return new byte[] {GONE};
        }
        byte[] edited = row.edited() == null ? new byte[0] : edited(row.edited());
        return ByteBuffer.allocate(HEADER_BYTES + event.length + edited.length)
                .put(STORED)
                .putLong(row.endsAtMillis())
                .putInt(event.length)
                .put(event)
                .put(edited)
                .array();
    }

    /** What stands behind the event of an edited message. */
    static byte[] edited(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(utf8.length + 1).put(EDITED).put(utf8).array();
    }

    /** Null if it is no such value. */
    static @Nullable CachedRow decode(int seq, byte[] value) {
        try {
            ByteBuffer in = ByteBuffer.wrap(value);
            byte kind = in.get();
            if (kind != STORED) {
                return kind == GONE ? CachedRow.gone(seq) : null;
            }
            long endsAtMillis = in.getLong();
            byte[] event = new byte[in.getInt()];
            in.get(event);
            String edited = null;
            if (in.hasRemaining()) {
                byte[] text = new byte[in.remaining() - 1];
                in.position(in.position() + 1);
                in.get(text);
                edited = new String(text, StandardCharsets.UTF_8);
            }
            return new CachedRow(seq, event, edited, endsAtMillis);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            return null;
        }
    }
}
