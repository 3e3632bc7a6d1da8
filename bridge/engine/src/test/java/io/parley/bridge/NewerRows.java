package io.parley.bridge;

import com.google.protobuf.UnknownFieldSet;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a newer engine may have left them: each has a field that this one does not know. Below they are without it, so that what is made of them can be
 * compared. A row without bytes only says that it is there, and stays as it is.
 */
public final class NewerRows implements Rows {
    /** At the end of a row, where Protobuf writes what it does not know. */
    private static final byte[] UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(15_000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build()
            .toByteArray();

    private final Rows below;

    public NewerRows(Rows below) {
        this.below = below;
    }

    /** Effects to compare: what is passed on from a row has what the row has. */
    public static String text(List<Effect> effects) {
        return effects.toString().replaceAll(" *15000: 1\n", "");
    }

    @Override
    public byte @Nullable [] get(String key) {
        byte[] row = below.get(key);
        if (row == null || row.length == 0) {
            return row;
        }
        byte[] newer = Arrays.copyOf(row, row.length + UNKNOWN.length);
        System.arraycopy(UNKNOWN, 0, newer, row.length, UNKNOWN.length);
        return newer;
    }

    @Override
    public void put(String key, byte[] row) {
        int length = row.length - UNKNOWN.length;
        boolean newer = length >= 0 && Arrays.equals(row, length, row.length, UNKNOWN, 0, UNKNOWN.length);
        below.put(key, newer ? Arrays.copyOf(row, length) : row);
    }

    @Override
    public void delete(String key) {
        below.delete(key);
    }

    @Override
    public List<String> keys(String prefix) {
        return below.keys(prefix);
    }

    @Override
    public List<String> keys(String from, String before, int limit) {
        return below.keys(from, before, limit);
    }
}
