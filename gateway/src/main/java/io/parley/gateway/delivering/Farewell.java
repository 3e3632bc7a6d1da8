package io.parley.gateway.delivering;

import io.parley.protocol.UserId;
import io.parley.protocol.log.UserCommand;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A connection's last commands to its user, in order, until the log takes them: a device that is not known to be gone keeps its user online, and its next
 * connection waiting.
 */
final class Farewell {
    private final DeliveryNode node;
    private final Shard shard;
    private final UserId user;
    private final Deque<UserCommand> commands;

    Farewell(DeliveryNode node, Shard shard, UserId user, Collection<UserCommand> commands) {
        this.node = node;
        this.shard = shard;
        this.user = user;
        this.commands = new ArrayDeque<>(commands);
    }

    /** Called on any thread, by one at a time. */
    void send() {
        UserCommand next = commands.peekFirst();
        if (next == null) {
            return;
        }
        node.log().append(user, next, failure -> {
            if (failure == null) {
                commands.removeFirst();
                send();
            } else {
                shard.loop().schedule(this::send, TimeUnit.SECONDS.toMillis(1));
            }
        });
    }
}
