package io.parley.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Keeps what was said and is not acknowledged yet, so that it is sent also when the program has ended before. Called by one thread at a time. */
public interface OutboxStore {
    /** What an earlier program left, in the order in which it was added. */
    List<Unsent> load() throws IOException;

    /** Returns when it is kept. */
    void add(Unsent unsent) throws IOException;

    /** It is acknowledged, or refused for good. What is not there is no error. */
    void remove(Unsent unsent) throws IOException;

    /** Keeps it nowhere but in memory: it is lost with the program. */
    static OutboxStore memory() {
        return new OutboxStore() {
            @Override
            public List<Unsent> load() {
                return List.of();
            }

            @Override
            public void add(Unsent unsent) {}

            @Override
            public void remove(Unsent unsent) {}
        };
    }

    /**
     * Keeps each in a file of its own, written to the disk before it is sent.
     *
     * @param folder of this device alone; it is made if it is not there
     */
    static OutboxStore folder(Path folder) throws IOException {
        return new FolderOutboxStore(folder);
    }
}
