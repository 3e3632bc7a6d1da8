package io.parley.client;

import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A file for each message. Its name is a number, which tells the order; its first line says to whom, the rest is the JSON that is published. */
final class FolderOutboxStore implements OutboxStore {
    private static final String ENDING = ".message";

    private final Path folder;
    private final Map<Unsent, Path> files = new HashMap<>();
    private long last;

    FolderOutboxStore(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public List<Unsent> load() throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.list(folder)) {
            found = all.filter(file -> file.getFileName().toString().matches("\\d{19}\\" + ENDING))
                    .sorted()
                    .toList();
        }
        List<Unsent> unsent = new ArrayList<>();
        for (Path file : found) {
            Unsent one = read(file);
            files.put(one, file);
            unsent.add(one);
            last = Long.parseLong(file.getFileName().toString().replace(ENDING, ""));
        }
        return unsent;
    }

    private static Unsent read(Path file) throws IOException {
        String[] parts = Files.readString(file).split("\n", 2);
        try {
            Publication.Builder publication = Publication.newBuilder();
            WireFormat.JSON.decode(parts[parts.length - 1].getBytes(StandardCharsets.UTF_8), publication);
            return new Unsent(parts[0], publication.build());
        } catch (MalformedPayload e) {
            throw new IOException(file + " holds no message: repair it or delete it", e);
        }
    }

    @Override
    public void add(Unsent unsent) throws IOException {
        if (files.containsKey(unsent)) {
            return;
        }
        String name = String.format("%019d", ++last);
        Path written = folder.resolve(name + ".part");
        String content =
                unsent.to() + "\n" + new String(WireFormat.JSON.encode(unsent.publication()), StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Path file = folder.resolve(name + ENDING);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        files.put(unsent, file);
    }

    @Override
    public void remove(Unsent unsent) throws IOException {
        Path file = files.remove(unsent);
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
