package io.parley.operator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.BuriedRecord;
import io.parley.protocol.log.DeadLetter;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley buried}. */
@Command(
        name = "buried",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the records that could not be processed or stored within the last 30 days, the newest last.",
            "The list has no texts. The records themselves are kept for parley.log.buried-kept-hours."
        })
final class BuriedCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Option(
            names = "--save",
            paramLabel = "DIRECTORY",
            description = {
                "Saves the bytes of each record that is still kept to a file TOPIC-PARTITION-OFFSET.",
                "They may have what somebody wrote."
            })
    private @Nullable Path directory;

    /** A record's place in the log. */
    private record Place(String topic, int partition, long offset) {
        @Override
        public String toString() {
            return topic + "-" + partition + "-" + offset;
        }
    }

    @Override
    public Integer call() throws AdminException, ExecutionException, InterruptedException {
        KafkaSettings kafka = KafkaSettings.from(Settings.load());
        Map<Place, ByteString> kept = new LinkedHashMap<>();
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        Patience.USUAL.await("Kafka", () -> {
            new WholeTopic(kafka.client(), LogTopics.BURIED_RECORDS).read(record -> addPart(kept, record.value()));
            new WholeTopic(kafka.client(), LogTopics.DEAD_LETTERS).read(letters::add);
            return true;
        });
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            System.out.println(line(letter, kept));
        }
        System.out.println(letters.size() + " records were buried, the bytes of " + kept.size() + " are kept");
        if (directory != null) {
            save(directory, kept);
        }
        return 0;
    }

    private static void addPart(Map<Place, ByteString> kept, byte[] value) {
        try {
            BuriedRecord part = BuriedRecord.parseFrom(value);
            Place place = new Place(part.getTopic(), part.getPartition(), part.getOffset());
            // A record that was buried twice begins anew.
            ByteString before = part.getPart() == 0 ? ByteString.EMPTY : kept.getOrDefault(place, ByteString.EMPTY);
            kept.put(place, before.concat(part.getValue()));
        } catch (InvalidProtocolBufferException e) {
            System.err.println("a buried record cannot be read: " + e.getMessage());
        }
    }

    private static String line(ConsumerRecord<byte[], byte[]> record, Map<Place, ByteString> kept) {
        String at = TIME.format(Instant.ofEpochMilli(record.timestamp()));
        try {
            DeadLetter letter = DeadLetter.parseFrom(record.value());
            Place place = new Place(letter.getTopic(), letter.getPartition(), letter.getOffset());
            ByteString bytes = kept.get(place);
            return at + "  " + described(letter) + (letter.getTopic().isEmpty() ? "" : "  record=" + place)
                    + (bytes == null ? "" : " kept=" + bytes.size());
        } catch (InvalidProtocolBufferException e) {
            return at + "  cannot be read: " + e.getMessage();
        }
    }

    /** What a dead letter says, in one line. */
    static String described(DeadLetter letter) {
        StringBuilder line = new StringBuilder(letter.getKind().name().toLowerCase(Locale.ROOT));
        add(line, "command", letter.getCommand());
        add(line, "user", letter.getOrigin().getUser());
        add(line, "device", letter.getOrigin().getDevice());
        add(line, "failure", letter.getFailure());
        add(line, "at", letter.getThrownAt());
        add(line, "reason", letter.getReason());
        if (letter.getRecordBytes() > 0) {
            line.append(" bytes=").append(letter.getRecordBytes());
        }
        return line.toString();
    }

    private static void add(StringBuilder line, String name, String value) {
        if (!value.isEmpty()) {
            line.append(' ').append(name).append('=').append(value);
        }
    }

    private static void save(Path directory, Map<Place, ByteString> kept) throws AdminException {
        try {
            Files.createDirectories(directory);
            for (Map.Entry<Place, ByteString> record : kept.entrySet()) {
                Files.write(
                        directory.resolve(record.getKey().toString()),
                        record.getValue().toByteArray());
            }
        } catch (IOException e) {
            throw new AdminException("cannot write to " + directory + ": " + e.getMessage());
        }
        System.out.println("saved in " + directory.toAbsolutePath());
    }
}
