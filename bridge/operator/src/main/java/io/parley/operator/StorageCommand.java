package io.parley.operator;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.Retention;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import io.parley.storage.CassandraConnection;
import io.parley.storage.Schema;
import io.parley.storage.StorageUse;
import io.parley.storage.StorageUse.Stored;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley storage}. */
@Command(
        name = "storage",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what is stored of each conversation, where, and until when.",
            "Reads every stored message; the platform works on meanwhile."
        })
final class StorageCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int KIB = 1024;

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many to list, the largest first (default: ${DEFAULT-VALUE}); 0: all.")
    private int limit;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec usage;

    @Override
    public Integer call() throws AdminException, InterruptedException, ExecutionException {
        if (limit < 0) {
            throw new ParameterException(usage.commandLine(), "--conversations must be 0 or more, but is " + limit);
        }
        Settings settings = Settings.load();
        CassandraSettings cassandra = CassandraSettings.from(settings);
        Map<ConversationId, Stored> use;
        try (CqlSession session = Patience.USUAL.await(
                "Cassandra at " + String.join(", ", cassandra.contactPoints()),
                () -> CassandraConnection.open(cassandra))) {
            StorageUse stored = Patience.USUAL.await(
                    "the tables of keyspace " + cassandra.keyspace(),
                    () -> Schema.await(
                            session, cassandra.keyspace(), () -> new StorageUse(session, cassandra.keyspace())));
            use = stored.read(rows -> System.err.print("\r" + rows + " rows read "));
        }
        System.err.print("\r");
        conversations(use, settings.integer("parley.engine.retention.default-days", 0, 3_650));
        System.out.println();
        LogUse.print(KafkaSettings.from(settings).client(), settings, System.out::println);
        return 0;
    }

    private void conversations(Map<ConversationId, Stored> use, int defaultDays) {
        System.out.println("In Cassandra");
        System.out.printf(
                "  %-28s %-22s %10s %10s %9s  %-16s  %s%n",
                "conversation", "keeps its messages", "events", "KiB", "reactions", "oldest", "until");
        List<Map.Entry<ConversationId, Stored>> listed = use.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<ConversationId, Stored> each) ->
                                each.getValue().bytes())
                        .reversed())
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .toList();
        for (Map.Entry<ConversationId, Stored> each : listed) {
            Stored stored = each.getValue();
            System.out.printf(
                    Locale.ROOT,
                    "  %-28s %-22s %10d %10.1f %9d  %-16s  %s%n",
                    each.getKey(),
                    named(stored.retention(), defaultDays),
                    stored.messages(),
                    stored.bytes() / (double) KIB,
                    stored.reactions(),
                    time(stored.oldest()),
                    until(stored));
        }
        System.out.printf(
                Locale.ROOT,
                "  %-28s %-22s %10d %10.1f %9d  %-16s  %s%n",
                "total: " + use.size() + (listed.size() < use.size() ? ", " + listed.size() + " listed" : ""),
                "",
                use.values().stream().mapToLong(Stored::messages).sum(),
                use.values().stream().mapToLong(Stored::bytes).sum() / (double) KIB,
                use.values().stream().mapToLong(Stored::reactions).sum(),
                time(use.values().stream()
                        .map(Stored::oldest)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null)),
                untilAll(use.values()));
    }

    private static String untilAll(Collection<Stored> all) {
        long withoutEnd = all.stream().mapToLong(Stored::withoutEnd).sum();
        String last = time(all.stream()
                .map(Stored::lastEnd)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null));
        return (last.isEmpty() ? "" : last + " at the latest")
                + (last.isEmpty() || withoutEnd == 0 ? "" : "; ")
                + (withoutEnd == 0 ? "" : withoutEnd + " without a date");
    }

    private static String named(Retention retention, int defaultDays) {
        return switch (retention.getKeepCase()) {
            case UNTIL_DELIVERED -> "until delivered";
            case DAYS -> retention.getDays() + " days";
            case FOREVER -> "for ever";
            case KEEP_NOT_SET -> defaultDays == 0 ? "for ever (default)" : defaultDays + " days (default)";
        };
    }

    private static String until(Stored stored) {
        boolean untilDelivered = stored.retention().hasUntilDelivered();
        StringBuilder until = new StringBuilder();
        if (stored.firstEnd() != null) {
            until.append(untilDelivered ? "all have it, at the latest " : "").append(time(stored.firstEnd()));
            if (!time(stored.firstEnd()).equals(time(stored.lastEnd()))) {
                until.append(" to ").append(time(stored.lastEnd()));
            }
        }
        if (stored.withoutEnd() > 0) {
            until.append(until.length() == 0 ? "" : "; ")
                    .append(stored.withoutEnd())
                    .append(untilDelivered ? " all have it" : " without end");
        }
        return until.toString();
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "" : TIME.format(time);
    }
}
