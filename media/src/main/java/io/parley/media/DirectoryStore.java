package io.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Blobs as files of one directory, which several processes may share. It must be on the file system on which uploads lie: a file is moved, not copied. */
public final class DirectoryStore implements BlobStore {
    private final Path directory;
    private final long reserve;

    /**
     * Makes the directory if it is missing.
     *
     * @param reserve bytes of the file system that are left free
     */
    public DirectoryStore(Path directory, long reserve) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.reserve = reserve;
    }

    @Override
    public void put(String key, Path file) throws IOException {
        Path target = path(key);
        Path parent = parent(key);
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
            Directories.sync(directory);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Directories.sync(parent);
    }

    @Override
    public long size(String key) throws IOException {
        Path path = path(key);
        return Files.exists(path) ? Files.size(path) : -1;
    }

    @Override
    public InputStream read(String key, long offset) throws IOException {
        FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ);
        try {
            return Channels.newInputStream(channel.position(offset));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void delete(String attachment) throws IOException {
        Path parent = parent(attachment);
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> variants = Files.newDirectoryStream(parent, attachment + ".*")) {
            for (Path variant : variants) {
                Files.deleteIfExists(variant);
            }
        }
        Files.deleteIfExists(path(attachment));
        Directories.sync(parent);
    }

    @Override
    public boolean hasRoom(long bytes) throws IOException {
        return Files.getFileStore(directory).getUsableSpace() - bytes >= reserve;
    }

    @Override
    public void close() {}

    private Path path(String key) {
        return parent(key).resolve(key);
    }

    /** By the attachment's first characters: no folder becomes too large. */
    private Path parent(String key) {
        int point = Directories.checked(key).indexOf('.');
        String id = point < 0 ? key : key.substring(0, point);
        return directory.resolve(id.substring(0, Math.min(2, id.length())));
    }
}
