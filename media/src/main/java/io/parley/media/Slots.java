package io.parley.media;

import io.parley.protocol.wire.ErrorCode;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** How much each account does at once, in this process. */
final class Slots {
    private final int most;
    private final String refusal;
    private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param refusal what an account is told that has no slot left */
    Slots(int most, String refusal) {
        this.most = most;
        this.refusal = refusal;
    }

    /** @throws MediaRefusal RATE_LIMITED if the account has no slot left */
    Slot take(String account) {
        int now = taken.merge(account, 1, Integer::sum);
        if (now > most) {
            release(account);
            throw new MediaRefusal(ErrorCode.RATE_LIMITED, refusal);
        }
        return new Slot(account);
    }

    private void release(String account) {
        taken.computeIfPresent(account, (same, count) -> count > 1 ? count - 1 : null);
    }

    /** To be closed when it is done; closing it again does nothing. */
    final class Slot implements AutoCloseable {
        private final String account;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Slot(String account) {
            this.account = account;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                release(account);
            }
        }
    }
}
