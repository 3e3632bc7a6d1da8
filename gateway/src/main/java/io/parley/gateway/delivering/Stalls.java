package io.parley.gateway.delivering;

import io.parley.protocol.MessagePreview;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.Unacknowledged;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Notices that a device is connected and acknowledges nothing: a phone in a tunnel. The engine is told once for each conversation in which something is not
 * acknowledged, and may notify the user by push. On the session's shard.
 */
final class Stalls {
    private final DeviceSession session;
    private final DeliveryNode node;
    private final Shard shard;
    private final long patienceNanos;
    /** When the device was sent something, or acknowledged something, after which something may be open. 0: nothing may. */
    private long sinceNanos;

    /** @param patience how long a device may acknowledge nothing; zero: for ever */
    Stalls(DeviceSession session, DeliveryNode node, Shard shard, Duration patience) {
        this.session = session;
        this.node = node;
        this.shard = shard;
        this.patienceNanos = patience.toNanos();
    }

    /** Something was sent that is to be acknowledged. */
    void sent() {
        if (sinceNanos == 0) {
            acknowledged();
        }
    }

    /** The device lives. */
    void acknowledged() {
        sinceNanos = Math.max(1, shard.loop().nanoTime());
    }

    /** Called once a round. All is looked at only when nothing was acknowledged for long. */
    void look(Collection<Progress> all) {
        long nowNanos = shard.loop().nanoTime();
        if (patienceNanos == 0 || sinceNanos == 0 || nowNanos - sinceNanos < patienceNanos) {
            return;
        }
        List<Progress> open = all.stream()
                .filter(progress -> progress.qos > 0 && progress.acknowledged < progress.written)
                .toList();
        // What comes later is told as well, when as much time has passed again.
        sinceNanos = open.isEmpty() ? 0 : Math.max(1, nowNanos);
        open.stream()
                .filter(progress -> progress.stalledAt != progress.acknowledged)
                .forEach(this::tell);
    }

    private void tell(Progress progress) {
        progress.stalledAt = progress.acknowledged;
        Unacknowledged.Builder late = Unacknowledged.newBuilder().setSeq(progress.acknowledged + 1);
        node.recent(progress.conversation, progress.written, 1).forEach(event -> {
            ChatEvent decoded = event.decoded();
            if (MessagePreview.isMessage(decoded)) {
                late.setNotice(Notice.newBuilder()
                        .setSeq(decoded.getSeq())
                        .setSender(decoded.getFrom())
                        .setAtMillis(decoded.getAt().getSeconds() * 1000
                                + decoded.getAt().getNanos() / 1_000_000)
                        .setBody(MessagePreview.of(decoded)));
            }
        });
        // What the log does not take is not told: the device is without a log, too, and comes again.
        node.log()
                .append(
                        progress.conversation,
                        ConversationCommand.newBuilder()
                                .setOrigin(session.origin())
                                .setUnacknowledged(late)
                                .build(),
                        failure -> {});
    }
}
