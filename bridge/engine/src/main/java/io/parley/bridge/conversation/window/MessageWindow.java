package io.parley.bridge.conversation.window;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.state.Block;
import io.parley.bridge.state.Head;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sender, time and kind of the messages among the last {@value #BLOCKS} × {@value #BLOCK_SIZE} seqs. The newest lie in the head, which a message
 * writes anyway; a full block becomes a row in the place of the oldest.
 */
public final class MessageWindow {
    public static final int BLOCK_SIZE = 32;
    public static final int BLOCKS = 128;
    /** The most messages that are counted as unread. */
    public static final int MOST = (BLOCKS + 1) * BLOCK_SIZE;

    private static final int KINDS = 4;
    private static final int SENDERS = 32;
    private static final Said.Kind[] KIND = Said.Kind.values();

    private final ConversationId conversation;
    private final Rows rows;

    public MessageWindow(ConversationId conversation, Rows rows) {
        this.conversation = conversation;
        this.rows = rows;
    }

    /** Which block a seq belongs to, from 0. */
    static int blockOf(int seq) {
        return (seq - 1) / BLOCK_SIZE;
    }

    /** The message of that seq, or null if it is none, none any more, or too old. */
    public @Nullable Said find(Head head, int seq) {
        Block block = block(head.getNewest(), seq);
        return block == null ? null : said(block, seq - block.getFirstSeq());
    }

    /**
     * Counts the messages of others for each reader. Each block is read once.
     *
     * @param mentioned seqs that mention a user
     * @param gone what counts no more
     */
    public Map<UserId, Unread> unread(
            Head head, Collection<Unread.Reader> readers, Function<UserId, Set<Integer>> mentioned, Unread.Gone gone) {
        int last = head.getSeq();
        int first = readers.stream().mapToInt(Unread.Reader::first).min().orElse(last + 1);
        List<UnreadCounter> counters = readers.stream()
                .map(reader ->
                        new UnreadCounter(reader, reader.first() > last ? Set.of() : mentioned.apply(reader.user())))
                .toList();
        Block block = null;
        List<UserId> senders = List.of();
        for (int seq = Math.max(first, last - MOST); seq <= last; seq++) {
            if (block == null || !holds(block, seq)) {
                block = block(head.getNewest(), seq);
                senders = block == null
                        ? List.of()
                        : block.getSendersList().stream().map(UserId::parse).toList();
            }
            long entry = block == null || seq == gone.seq() ? 0 : block.getEntries(seq - block.getFirstSeq());
            if (block == null || entry % KINDS == 0) {
                continue;
            }
            UserId sender = senders.get((int) (entry / KINDS % SENDERS));
            if (!sender.equals(gone.sender())) {
                long atSeconds = block.getFirstAtSeconds() + entry / KINDS / SENDERS;
                for (UnreadCounter counter : counters) {
                    counter.take(seq, sender, atSeconds);
                }
            }
        }
        return counters.stream().collect(Collectors.toMap(UnreadCounter::user, UnreadCounter::unread));
    }

    /** Adds the next event. Returns the block that fell out of the window with it, or -1. */
    public int add(Head.Builder head, ChatEvent event) {
        Block.Builder newest = head.getNewest().toBuilder();
        int dropped = -1;
        if (newest.getEntriesCount() > 0 && blockOf(newest.getFirstSeq()) != blockOf(event.getSeq())) {
            int full = blockOf(newest.getFirstSeq());
            rows.put(key(full), newest.build().toByteArray());
            dropped = Math.max(-1, full - BLOCKS);
            newest.clear();
        }
        if (newest.getEntriesCount() == 0) {
            newest.setFirstSeq(event.getSeq())
                    .setFirstAtSeconds((int) event.getAt().getSeconds());
        }
        long entry = entry(newest, event);
        head.setNewest(newest.addEntries(entry));
        return dropped;
    }

    /** The message is one no more. */
    public void erase(Head.Builder head, int seq) {
        Block newest = head.getNewest();
        Block block = block(newest, seq);
        if (block == null) {
            return;
        }
        Block erased =
                block.toBuilder().setEntries(seq - block.getFirstSeq(), 0).build();
        if (holds(newest, seq)) {
            head.setNewest(erased);
        } else {
            rows.put(key(blockOf(seq)), erased.toByteArray());
        }
    }

    /** None of the sender's messages is one any more. Returns which they were. */
    public List<Integer> erase(Head.Builder head, UserId sender) {
        List<Integer> erased = new ArrayList<>();
        int last = head.getSeq();
        for (int seq = Math.max(1, last - (BLOCKS + 1) * BLOCK_SIZE); seq <= last; seq++) {
            Block block = block(head.getNewest(), seq);
            Said said = block == null ? null : said(block, seq - block.getFirstSeq());
            if (said != null && said.sender().equals(sender)) {
                erase(head, seq);
                erased.add(seq);
            }
        }
        return erased;
    }

    /** The block in that row; null: there is none. */
    @Nullable
    Block row(String key) {
        byte[] row = rows.get(key);
        return row == null ? null : parse(row);
    }

    /** Whether that block is remembered. */
    boolean holdsBlock(Head head, int number) {
        if (head.getNewest().getEntriesCount() > 0 && blockOf(head.getNewest().getFirstSeq()) == number) {
            return true;
        }
        Block block = row(key(number));
        return block != null && blockOf(block.getFirstSeq()) == number;
    }

    /** When the newest message of a block was sent, epoch seconds; 0: there is no message in it. */
    static long newestAtSeconds(Block block) {
        return block.getEntriesList().stream()
                .filter(entry -> entry % KINDS != 0)
                .mapToLong(entry -> block.getFirstAtSeconds() + entry / KINDS / SENDERS)
                .max()
                .orElse(0);
    }

    private @Nullable Block block(Block newest, int seq) {
        if (seq < 1) {
            return null;
        }
        if (holds(newest, seq)) {
            return newest;
        }
        byte[] row = rows.get(key(blockOf(seq)));
        if (row == null) {
            return null;
        }
        Block block = parse(row);
        return holds(block, seq) ? block : null;
    }

    private static boolean holds(Block block, int seq) {
        return seq >= block.getFirstSeq() && seq - block.getFirstSeq() < block.getEntriesCount();
    }

    private static long entry(Block.Builder block, ChatEvent event) {
        int kind = kind(event);
        if (kind == 0) {
            return 0;
        }
        int sender = block.getSendersList().indexOf(event.getFrom());
        if (sender < 0) {
            sender = block.getSendersCount();
            block.addSenders(event.getFrom());
        }
        long seconds = event.getAt().getSeconds() - block.getFirstAtSeconds();
        return (seconds * SENDERS + sender) * KINDS + kind;
    }

    /** Whether the event is a message. */
    public static boolean isMessage(ChatEvent event) {
        return kind(event) != 0;
    }

    private static int kind(ChatEvent event) {
        return switch (event.getBodyCase()) {
            case TEXT -> 1;
            case DATA -> 2;
            case BODY_NOT_SET -> 3;
            default -> 0;
        };
    }

    private static @Nullable Said said(Block block, int index) {
        long entry = block.getEntries(index);
        int kind = (int) (entry % KINDS);
        if (kind == 0) {
            return null;
        }
        long senderAndTime = entry / KINDS;
        return new Said(
                UserId.parse(block.getSenders((int) (senderAndTime % SENDERS))),
                block.getFirstAtSeconds() + senderAndTime / SENDERS,
                KIND[kind - 1]);
    }

    private String key(int block) {
        return RowFamily.BLOCK.prefix() + conversation + "|" + block % BLOCKS;
    }

    private static Block parse(byte[] row) {
        try {
            return Block.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a block of messages cannot be read", e);
        }
    }
}
