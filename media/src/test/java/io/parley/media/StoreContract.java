package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.wire.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of attachments does. */
abstract class StoreContract {
    static final int PART = 5 << 20;
    private static final int BUFFER = 32 * 1024;

    final String id = UUID.randomUUID().toString().replace("-", "");

    abstract BlobStore blobs() throws IOException;

    /** As another process has it. */
    abstract UploadStore uploads() throws IOException;

    /** How much of an unfinished upload there is, in files or objects. */
    abstract long traces(String upload) throws IOException;

    @Test
    void a_blob_is_read_from_anywhere_and_deleted_with_its_variants() throws Exception {
        BlobStore blobs = blobs();
        put(blobs, id, 1, 2, 3);
        put(blobs, id + ".p64", 9);
        put(blobs, id + "0", 8);

        assertThat(blobs.size(id)).isEqualTo(3);
        assertThat(read(blobs, id, 0)).containsExactly(1, 2, 3);
        assertThat(read(blobs, id, 1)).containsExactly(2, 3);
        assertThat(read(blobs, id, 3)).isEmpty();
        blobs.delete(id);
        blobs.delete(id);

        assertThat(blobs.size(id)).isEqualTo(-1);
        assertThat(blobs.size(id + ".p64")).isEqualTo(-1);
        assertThat(blobs.size(id + "0")).isEqualTo(1);
        assertThatThrownBy(() -> read(blobs, id, 0)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> read(blobs, id, 1)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_blob_is_replaced() throws Exception {
        BlobStore blobs = blobs();
        put(blobs, id, 1, 2, 3);
        put(blobs, id, 4);

        assertThat(read(blobs, id, 0)).containsExactly(4);
    }

    @Test
    void a_small_upload_goes_on_in_another_process() throws Exception {
        append(uploads(), 0, 1, 2);
        append(uploads(), 2, 3);
        UploadStore uploads = uploads();
        append(uploads, 3, 4, 5);

        assertThat(uploads.offset(id)).isEqualTo(5);
        keep(uploads);
        assertThat(read(blobs(), id, 0)).containsExactly(1, 2, 3, 4, 5);
        assertThat(traces(id)).isZero();
        assertThat(uploads.offset(id)).isZero();
    }

    @Test
    void a_large_upload_goes_on_after_each_interruption() throws Exception {
        byte[] bytes = random(2 * PART + 1_000_000);
        int[] ends = {100, 1_000_000, PART - 1, PART + 1, 2 * PART, 2 * PART + 5, bytes.length};
        int from = 0;
        for (int end : ends) {
            UploadStore uploads = uploads();
            assertThat(uploads.offset(id)).isEqualTo(from);
            append(uploads, from, Arrays.copyOfRange(bytes, from, end));
            from = end;
        }

        UploadStore uploads = uploads();
        assertThat(uploads.offset(id)).isEqualTo(bytes.length);
        try (UploadStore.Whole whole = uploads.whole(id);
                InputStream in = whole.read()) {
            assertThat(whole.size()).isEqualTo(bytes.length);
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        keep(uploads);
        assertThat(read(blobs(), id, 0)).isEqualTo(bytes);
        assertThat(traces(id)).isZero();
    }

    @Test
    void many_small_chunks_become_one_upload() throws Exception {
        byte[] bytes = random(80);
        UploadStore uploads = uploads();
        for (int i = 0; i < bytes.length; i++) {
            append(uploads, i, bytes[i]);
        }

        assertThat(traces(id)).isLessThan(70);
        assertThat(uploads.offset(id)).isEqualTo(bytes.length);
        keep(uploads);
        assertThat(read(blobs(), id, 0)).isEqualTo(bytes);
    }

    @Test
    void what_is_taken_back_never_counted() throws Exception {
        UploadStore uploads = uploads();
        append(uploads, 0, 1);
        try (UploadStore.Appending appending = uploads.append(id, 1, true)) {
            write(appending, random(PART + 100));
            appending.undo();
            write(appending, new byte[] {2});
        }
        try (UploadStore.Appending appending = uploads.append(id, 2, true)) {
            write(appending, new byte[] {7});
            appending.undo();
        }

        assertThat(uploads.offset(id)).isEqualTo(2);
        keep(uploads);
        assertThat(read(blobs(), id, 0)).containsExactly(1, 2);
    }

    @Test
    void what_comes_as_a_whole_may_be_large() throws Exception {
        byte[] bytes = random(2 * PART + 77);
        UploadStore uploads = uploads();
        try (UploadStore.Appending appending = uploads.append(id, 0, true)) {
            write(appending, bytes);
        }

        keep(uploads);
        assertThat(read(blobs(), id, 0)).isEqualTo(bytes);
    }

    @Test
    void who_comes_again_takes_over_and_nobody_goes_on_elsewhere() throws Exception {
        UploadStore uploads = uploads();
        UploadStore.Appending broken = uploads.append(id, 0, false);
        write(broken, new byte[] {1});
        assertThatThrownBy(() -> uploads.append(id, 7, false)).satisfies(StoreContract::isConflict);

        append(uploads, 1, 2);

        assertThatThrownBy(() -> write(broken, new byte[] {9})).satisfies(StoreContract::isConflict);
        broken.close();
        keep(uploads);
        assertThat(read(blobs(), id, 0)).containsExactly(1, 2);
    }

    @Test
    void an_upload_is_deleted_with_all_that_came() throws Exception {
        append(uploads(), 0, random(PART + 10));
        UploadStore uploads = uploads();
        UploadStore.Appending open = uploads.append(id, PART + 10, false);
        write(open, new byte[] {1});

        uploads.delete(id);
        open.close();

        assertThat(uploads.offset(id)).isZero();
        assertThat(traces(id)).isZero();
        uploads.delete(id);
    }

    @Test
    void an_upload_without_bytes_is_an_empty_blob() throws Exception {
        keep(uploads());

        assertThat(blobs().size(id)).isZero();
    }

    private void keep(UploadStore uploads) throws IOException {
        try (UploadStore.Whole whole = uploads.whole(id)) {
            whole.keep(id);
        }
    }

    private static void isConflict(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        MediaRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    private void append(UploadStore uploads, long offset, int... bytes) throws IOException {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        append(uploads, offset, all);
    }

    void append(UploadStore uploads, long offset, byte[] bytes) throws IOException {
        try (UploadStore.Appending appending = uploads.append(id, offset, false)) {
            write(appending, bytes);
            assertThat(appending.offset()).isEqualTo(offset + bytes.length);
        }
    }

    static void write(UploadStore.Appending appending, byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; from += BUFFER) {
            appending.write(ByteBuffer.wrap(bytes, from, Math.min(BUFFER, bytes.length - from)));
        }
    }

    private void put(BlobStore blobs, String key, int... bytes) throws IOException {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        blobs.put(key, Files.write(uploads().temporary(), all));
    }

    static byte[] read(BlobStore blobs, String key, long offset) throws IOException {
        try (InputStream in = blobs.read(key, offset)) {
            return in.readAllBytes();
        }
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
