package io.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where the bytes of unfinished uploads lie. What was acknowledged survives a crash of this process, and another process goes on with it. Methods wait for
 * the store; they may be called on any thread.
 */
interface UploadStore {
    /** How many bytes there are; 0 if there are none. */
    long offset(String id) throws IOException;

    /**
     * Goes on with an upload. Who appends to it in this process is stopped: the connection of a client that comes again is broken, though nobody may have
     * noticed.
     *
     * @param whole nothing of it counts before it is closed, so that {@link Appending#undo} can take back all of it
     * @throws MediaRefusal CONFLICT if the upload does not end there, or another process appends
     */
    Appending append(String id, long offset, boolean whole) throws IOException;

    /** All bytes of an upload of which nothing is missing; without any it has none. */
    Whole whole(String id) throws IOException;

    /** Deletes what there is of an upload. */
    void delete(String id) throws IOException;

    /** A new file on this machine, for what is made from an upload. The caller deletes it. */
    Path temporary() throws IOException;

    /** Whether bytes can come after {@link #delete}, from a process or a client that has not heard of it. */
    boolean isLateWritten();

    /** Writes behind the end of an upload. What was written is durable after {@link #close}. */
    interface Appending extends AutoCloseable {
        /** @throws MediaRefusal CONFLICT if somebody else has gone on with the upload */
        void write(ByteBuffer bytes) throws IOException;

        /** Takes back what was written here. Only for what was opened as a whole. */
        void undo() throws IOException;

        /** Where the next byte goes. */
        long offset();

        @Override
        void close() throws IOException;
    }

    /** An upload that is complete. To be closed. */
    interface Whole extends AutoCloseable {
        long size() throws IOException;

        /** From the first byte on; the same bytes each time. */
        InputStream read() throws IOException;

        /** Makes a blob of exactly the bytes that {@link #read} gives. Nothing is left of the upload then. */
        void keep(String key) throws IOException;

        @Override
        void close() throws IOException;
    }
}
