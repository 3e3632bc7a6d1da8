package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Apart;
import io.parley.protocol.log.Signal;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Typing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One signal and who may see what of it. */
final class SignalFrames {
    private final ConversationId conversation;
    private final Signal signal;
    private final Set<String> withoutReads;
    private final OwnReads ownReads;
    private final Map<String, Set<String>> apart;
    private final SignalView common;

    /** @param signal with receipts, presence or typing set */
    SignalFrames(ConversationId conversation, Signal signal) {
        this.conversation = conversation;
        this.signal = signal;
        this.withoutReads = Set.copyOf(signal.getWithoutReadsList());
        this.ownReads = new OwnReads(hidesReads() ? signal.getReceipts().getReceiptsList() : List.of());
        this.apart = signal.getApartList().stream()
                .collect(Collectors.toMap(Apart::getUser, one -> Set.copyOf(one.getFromList())));
        this.common = switch (signal.getSignalCase()) {
            case RECEIPTS -> new SignalView(conversation, Feed.RECEIPT, receipts());
            case PRESENCE -> new SignalView(conversation, Feed.PRESENCE, signal.getPresence());
            case TYPING -> new SignalView(conversation, Feed.TYPING, signal.getTyping());
            case SIGNAL_NOT_SET ->
                throw new IllegalArgumentException("a signal of a kind that this node does not know");
        };
    }

    /** Of one who types: that they do no more, which nobody said. For those who saw it begin. */
    SignalFrames ended() {
        Typing.Builder ended = Typing.newBuilder().setUser(signal.getTyping().getUser());
        return new SignalFrames(
                conversation, signal.toBuilder().setTyping(ended).build());
    }

    /** For this connection only; 0: for all. */
    long connection() {
        return signal.getConnection();
    }

    Feed feed() {
        return common.feed();
    }

    /** Who types, or stopped; empty for other signals. */
    Optional<Typing> typing() {
        return signal.hasTyping() ? Optional.of(signal.getTyping()) : Optional.empty();
    }

    /** What a device of that user gets. Nobody is told of their own typing. */
    Optional<SignalView> of(UserId reader) {
        return switch (signal.getSignalCase()) {
            case TYPING -> {
                String user = signal.getTyping().getUser();
                yield user.equals(reader.value()) || isApart(user, reader) ? Optional.empty() : Optional.of(common);
            }
            case PRESENCE -> Optional.of(apart.isEmpty() ? common : presence(reader));
            default -> apart.isEmpty() ? Optional.of(receipts(reader)) : unseen(reader);
        };
    }

    private boolean isApart(String user, UserId reader) {
        return apart.getOrDefault(user, Set.of()).contains(reader.value());
    }

    /** Who is not seen is as one who was never there. */
    private SignalView presence(UserId reader) {
        List<Presence> all = signal.getPresence().getPresenceList();
        if (all.stream().noneMatch(presence -> isApart(presence.getUser(), reader))) {
            return common;
        }
        Presences.Builder visible = Presences.newBuilder();
        all.forEach(presence -> visible.addPresence(
                isApart(presence.getUser(), reader)
                        ? Presence.newBuilder().setUser(presence.getUser()).build()
                        : presence));
        return new SignalView(conversation, Feed.PRESENCE, visible.build());
    }

    /** In a conversation of two: the reader's own receipt, if it is there. */
    private Optional<SignalView> unseen(UserId reader) {
        Receipts.Builder visible = Receipts.newBuilder();
        signal.getReceipts().getReceiptsList().stream()
                .filter(receipt -> !isApart(receipt.getUser(), reader))
                .forEach(visible::addReceipts);
        return visible.getReceiptsCount() == 0
                ? Optional.empty()
                : Optional.of(new SignalView(conversation, Feed.RECEIPT, visible.build()));
    }

    private SignalView receipts(UserId reader) {
        return seesOwnReadsOnly(reader) ? own(reader) : common;
    }

    private SignalView own(UserId reader) {
        return new SignalView(conversation, Feed.RECEIPT, format -> ownReads.payload(format, reader));
    }

    /** Who shows no reads sees none. Where they are off the common view has none, and lacks the reader's own. */
    private boolean seesOwnReadsOnly(UserId reader) {
        return withoutReads.contains(reader.value()) || (signal.getReadReceiptsOff() && ownReads.has(reader));
    }

    private boolean hidesReads() {
        return signal.getReadReceiptsOff() || !withoutReads.isEmpty();
    }

    private Receipts receipts() {
        if (!hidesReads()) {
            return signal.getReceipts();
        }
        Receipts.Builder visible = Receipts.newBuilder();
        signal.getReceipts().getReceiptsList().forEach(receipt -> {
            boolean hidden = signal.getReadReceiptsOff() || withoutReads.contains(receipt.getUser());
            visible.addReceipts(hidden ? OwnReads.concealed(receipt) : receipt);
        });
        return visible.build();
    }
}
