package io.parley.standalone.prove;

import io.parley.standalone.RoleName;
import java.util.ArrayList;
import java.util.List;

/** All kinds of faults. A new one is a class, and a line here. */
public final class Faults {
    private static final int LONGEST_PAUSE_SECONDS = 60;
    private static final int LONGEST_PARTITION_SECONDS = 40;
    private static final List<RoleName> CLIENTS_OF_KAFKA =
            List.of(RoleName.BROKER, RoleName.ENGINE, RoleName.ARCHIVER, RoleName.HISTORY, RoleName.PUSH);

    private Faults() {}

    /** Those that a schedule draws from. One that is named several times is drawn so much more often. */
    static List<Fault> all() {
        List<Fault> all = new ArrayList<>(List.of(
                new Kill(1),
                new Kill(1),
                new Kill(1),
                new Kill(2),
                new Pause(LONGEST_PAUSE_SECONDS),
                new Pause(LONGEST_PAUSE_SECONDS),
                new EndAll(false),
                new EndAll(true),
                new Loss(),
                new FullDisk(RoleName.KAFKA),
                new FullDisk(RoleName.CASSANDRA)));
        for (Direction direction : Direction.values()) {
            all.add(new Severed("partition", CLIENTS_OF_KAFKA, direction, LONGEST_PARTITION_SECONDS));
            all.add(new Severed("kafka-alone", List.of(RoleName.KAFKA), direction, LONGEST_PARTITION_SECONDS));
        }
        return all;
    }

    /** @throws IllegalArgumentException when there is none of that kind */
    public static Fault of(String kind) {
        return all().stream()
                .filter(fault -> fault.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no fault " + kind + ": there are " + String.join(", ", kinds())));
    }

    /** The names of all kinds. */
    public static List<String> kinds() {
        return all().stream().map(Fault::kind).distinct().toList();
    }
}
