package io.parley.history.visiting;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.parley.gateway.CommandLog;
import io.parley.gateway.requesting.Outages;
import io.parley.protocol.UserId;
import io.parley.protocol.log.KnowUser;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;

/**
 * Makes known who only makes single calls: their calls open no session, and others may not write to unknown users. The log is told of a user once in an hour by each process;
 * of a user who is known it changes nothing. Thread-safe.
 */
final class KnownUsers {
    private static final UserCommand KNOW =
            UserCommand.newBuilder().setKnowUser(KnowUser.getDefaultInstance()).build();

    private static final int MOST_USERS = 100_000;
    /** A user who was erased and calls again is known again after that. */
    private static final Duration TOLD_AGAIN = Duration.ofHours(1);

    private final CommandLog log;
    private final Outages outages;
    private final Cache<UserId, Boolean> told = Caffeine.newBuilder()
            .maximumSize(MOST_USERS)
            .expireAfterWrite(TOLD_AGAIN)
            .build();

    /** @param outages told when the log does not take it; the user's next call tries again */
    KnownUsers(CommandLog log, Outages outages) {
        this.log = log;
        this.outages = outages;
    }

    /** A user with a valid token calls. Never waits. */
    void calls(UserId user) {
        if (told.asMap().putIfAbsent(user, true) == null) {
            log.append(user, KNOW, failure -> {
                if (failure != null) {
                    told.invalidate(user);
                    outages.report("log", failure);
                }
            });
        }
    }
}
