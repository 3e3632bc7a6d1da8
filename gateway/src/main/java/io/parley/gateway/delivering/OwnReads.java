package io.parley.gateway.delivering;

import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Receipts as they look to who sees no reads but their own. A thousand readers differ in one receipt each: the others are encoded once. */
final class OwnReads {
    private final List<Receipt> receipts;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<WireFormat, List<byte[]>> concealed = new ConcurrentHashMap<>();

    OwnReads(List<Receipt> receipts) {
        this.receipts = receipts;
        for (int i = 0; i < receipts.size(); i++) {
            places.put(receipts.get(i).getUser(), i);
        }
    }

    /** Whether one of the receipts is of that user. */
    boolean has(UserId reader) {
        return places.containsKey(reader.value());
    }

    /** The receipts for that reader. */
    byte[] payload(WireFormat format, UserId reader) {
        List<byte[]> all = new ArrayList<>(concealed.computeIfAbsent(format, this::conceal));
        Integer own = places.get(reader.value());
        if (own != null) {
            all.set(own, format.encode(receipts.get(own)));
        }
        return format.encode(Receipts.getDescriptor().findFieldByNumber(Receipts.RECEIPTS_FIELD_NUMBER), all);
    }

    private List<byte[]> conceal(WireFormat format) {
        return receipts.stream()
                .map(receipt -> format.encode(concealed(receipt)))
                .toList();
    }

    /** The receipt without what was read. */
    static Receipt concealed(Receipt receipt) {
        return receipt.toBuilder().clearRead().build();
    }
}
