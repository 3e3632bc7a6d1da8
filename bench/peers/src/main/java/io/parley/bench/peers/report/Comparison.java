package io.parley.bench.peers.report;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One run, as it is kept.
 *
 * @param date when it began, ISO 8601
 * @param machine where
 * @param size how much was played
 * @param peers the figures of each server
 * @param leftOut lines about servers that were not there
 */
public record Comparison(String date, Machine machine, Size size, List<PeerFigures> peers, List<String> leftOut) {

    public Comparison {
        peers = List.copyOf(peers);
        leftOut = List.copyOf(leftOut);
    }

    private static ObjectMapper mapper() {
        return new ObjectMapper()
                .setVisibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
                .enable(SerializationFeature.INDENT_OUTPUT);
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, mapper().writeValueAsString(this) + "\n");
    }

    /** @throws IOException when the file is none of {@link #write}'s */
    public static Comparison read(Path file) throws IOException {
        return mapper().readValue(file.toFile(), Comparison.class);
    }
}
