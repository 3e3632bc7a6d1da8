package io.parley.bridge.conversation.window;

import com.google.common.hash.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.state.SentDevice;
import io.parley.bridge.state.SentDevices;
import io.parley.bridge.state.SentIdBucket;
import io.parley.bridge.state.SentIds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last 256 message ids of each device of a sender, for 7 days and for the 20 devices that sent last. An id is found whichever device sent
 * it. A message reads and writes two small rows: a counter for each device, and the bucket of its id's hash. An id whose number lies 256 or
 * more behind the counter of its device is forgotten; its bucket drops it when it is written next.
 */
public final class SentIdWindow {
    /** The ids of each device. A device has at most 100 messages in flight. */
    static final int IDS = 256;
    /** The devices of a user. */
    static final int DEVICES = 20;

    static final int BUCKETS = 32;
    private static final long WINDOW_SECONDS = 7L * 24 * 3600;
    /** Commands' times run backwards by a little: what is about to be forgotten stays in its bucket that long. */
    private static final long SLACK_SECONDS = 3600;
    /** Rows written by an older version. */
    private static final int OLD_CHUNKS = 9;

    private final ConversationId conversation;
    private final Rows rows;
    /** Whose counters are known: a message is looked up, and then added. */
    private @Nullable UserId known;

    private SentDevices devices = SentDevices.getDefaultInstance();

    public SentIdWindow(ConversationId conversation, Rows rows) {
        this.conversation = conversation;
        this.rows = rows;
    }

    /** Whether a device of the sender has sent a message with that id. */
    public boolean contains(UserId sender, String messageId, long nowSeconds) {
        load(sender);
        long hash = hash(messageId);
        if (devices.getDevicesCount() == 0) {
            return oldIds(sender).stream()
                    .anyMatch(old -> old.hash() == hash && nowSeconds - old.atSeconds() <= WINDOW_SECONDS);
        }
        SentIdBucket bucket = bucket(sender, hash);
        for (int i = 0; i < bucket.getHashesCount(); i++) {
            boolean recent = nowSeconds - Integer.toUnsignedLong(bucket.getAtSeconds(i)) <= WINDOW_SECONDS;
            if (bucket.getHashes(i) == hash && recent && isRemembered(bucket, i)) {
                return true;
            }
        }
        return false;
    }

    /** Adds the newest id of a device. */
    public void add(UserId sender, String device, String messageId, long atSeconds) {
        load(sender);
        if (devices.getDevicesCount() == 0) {
            adoptOldIds(sender);
        }
        put(sender, device, hash(messageId), atSeconds);
        rows.put(key(sender, "n"), devices.toByteArray());
    }

    /**
     * Whether nothing of a row is remembered any more. The counters of a sender come after the ids that they count, in the order of the keys.
     *
     * @param rest the key without what all rows of the conversation begin with
     */
    boolean isOver(String key, String rest, long nowSeconds) {
        byte[] row = rows.get(key);
        if (row == null) {
            return false;
        }
        return switch (rest.charAt(rest.lastIndexOf('|') + 1)) {
            case 'n' ->
                parse(row, SentDevices.parser()).getDevicesList().stream()
                        .allMatch(device -> isOver(device.getAtSeconds(), nowSeconds));
            case 'b' ->
                parse(row, SentIdBucket.parser()).getAtSecondsList().stream().allMatch(at -> isOver(at, nowSeconds));
            default -> parse(row, SentIds.parser()).getAtSecondsList().stream().allMatch(at -> isOver(at, nowSeconds));
        };
    }

    private static boolean isOver(int atSeconds, long nowSeconds) {
        return nowSeconds - Integer.toUnsignedLong(atSeconds) > WINDOW_SECONDS + SLACK_SECONDS;
    }

    /** Rows were dropped. */
    public void dropped() {
        known = null;
    }

    /** The user sent nothing. */
    public void forget(UserId user) {
        rows.keys(key(user, "")).forEach(rows::delete);
        known = null;
    }

    private void put(UserId sender, String device, long hash, long atSeconds) {
        int slot = slot(device);
        int turn = devices.getDevices(slot).getCount() + 1;
        SentDevice counted = SentDevice.newBuilder()
                .setDevice(device)
                .setCount(turn)
                .setAtSeconds((int) atSeconds)
                .build();
        devices = devices.toBuilder().setDevices(slot, counted).build();
        SentIdBucket before = bucket(sender, hash);
        SentIdBucket.Builder after = SentIdBucket.newBuilder();
        for (int i = 0; i < before.getHashesCount(); i++) {
            long age = atSeconds - Integer.toUnsignedLong(before.getAtSeconds(i));
            if (isRemembered(before, i) && age <= WINDOW_SECONDS + SLACK_SECONDS) {
                after.addHashes(before.getHashes(i))
                        .addSlots(before.getSlots(i))
                        .addTurns(before.getTurns(i))
                        .addAtSeconds(before.getAtSeconds(i));
            }
        }
        after.addHashes(hash).addSlots(slot).addTurns(turn).addAtSeconds((int) atSeconds);
        rows.put(bucketKey(sender, hash), after.build().toByteArray());
    }

    /** The place of the device among the counters. A new device takes the place of the one that has not sent for longest. */
    private int slot(String device) {
        int longest = 0;
        for (int i = 0; i < devices.getDevicesCount(); i++) {
            if (devices.getDevices(i).getDevice().equals(device)) {
                return i;
            }
            if (Integer.compareUnsigned(
                            devices.getDevices(i).getAtSeconds(),
                            devices.getDevices(longest).getAtSeconds())
                    < 0) {
                longest = i;
            }
        }
        if (devices.getDevicesCount() < DEVICES) {
            devices = devices.toBuilder()
                    .addDevices(SentDevice.getDefaultInstance())
                    .build();
            return devices.getDevicesCount() - 1;
        }
        // The counter goes on, so that the ids of the other device are far behind it.
        SentDevice emptied = SentDevice.newBuilder()
                .setCount(devices.getDevices(longest).getCount() + IDS)
                .build();
        devices = devices.toBuilder().setDevices(longest, emptied).build();
        return longest;
    }

    private boolean isRemembered(SentIdBucket bucket, int i) {
        return devices.getDevices(bucket.getSlots(i)).getCount() - bucket.getTurns(i) < IDS;
    }

    private record OldId(long hash, long atSeconds) {}

    /** An older version did not distinguish devices: its ids become those of a device without a name. */
    private void adoptOldIds(UserId sender) {
        List<OldId> old = oldIds(sender);
        for (OldId id : old.subList(Math.max(0, old.size() - IDS), old.size())) {
            put(sender, "", id.hash(), id.atSeconds());
        }
        for (int chunk = 0; chunk < OLD_CHUNKS && !old.isEmpty(); chunk++) {
            rows.delete(key(sender, Integer.toString(chunk)));
        }
    }

    /** What an older version wrote, the oldest first: up to nine rows of 32 ids, in turns. */
    private List<OldId> oldIds(UserId sender) {
        List<SentIds> chunks = new ArrayList<>();
        for (int chunk = 0; chunk < OLD_CHUNKS; chunk++) {
            byte[] row = rows.get(key(sender, Integer.toString(chunk)));
            if (row == null) {
                break;
            }
            chunks.add(parse(row, SentIds.parser()));
        }
        chunks.sort(Comparator.comparing(SentIds::getTurn, Integer::compareUnsigned));
        List<OldId> old = new ArrayList<>();
        for (SentIds ids : chunks) {
            for (int i = 0; i < ids.getHashesCount(); i++) {
                old.add(new OldId(ids.getHashes(i), Integer.toUnsignedLong(ids.getAtSeconds(i))));
            }
        }
        return old;
    }

    private void load(UserId sender) {
        if (!sender.equals(known)) {
            byte[] row = rows.get(key(sender, "n"));
            devices = row == null ? SentDevices.getDefaultInstance() : parse(row, SentDevices.parser());
            known = sender;
        }
    }

    private SentIdBucket bucket(UserId sender, long hash) {
        byte[] row = rows.get(bucketKey(sender, hash));
        return row == null ? SentIdBucket.getDefaultInstance() : parse(row, SentIdBucket.parser());
    }

    private String bucketKey(UserId sender, long hash) {
        return key(sender, "b" + Math.floorMod(hash, BUCKETS));
    }

    private String key(UserId sender, String part) {
        return RowFamily.SENT_IDS.prefix() + conversation + "|" + sender + "|" + part;
    }

    private static long hash(String messageId) {
        return Hashing.sipHash24().hashString(messageId, StandardCharsets.UTF_8).asLong();
    }

    private static <T> T parse(byte[] row, Parser<T> parser) {
        try {
            return parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a window of message ids cannot be read", e);
        }
    }
}
