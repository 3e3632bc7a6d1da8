package io.parley.history;

import io.tus.java.client.TusClient;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Resumable uploads by the libraries that applications use, unmodified. Each breaks off once and resumes; it returns the upload's id. */
final class TusClients {
    private static final Path PROGRAM = Path.of("src", "test", "clients", "tusjs");
    private static final int PATIENCE_MINUTES = 3;
    private static final int CHUNK = 256 * 1024;

    private TusClients() {}

    static String java(URI endpoint, String token, byte[] bytes, String contentType) throws Exception {
        TusClient client = new TusClient();
        client.setUploadCreationURL(endpoint.toURL());
        client.enableResuming(new TusURLMemoryStore());
        client.setHeaders(Map.of("Authorization", "Bearer " + token));
        TusUploader first = client.createUpload(upload(bytes, contentType));
        first.setChunkSize(CHUNK);
        first.setRequestPayloadSize(CHUNK);
        if (first.uploadChunk() != CHUNK) {
            throw new IOException("the first chunk was not sent");
        }
        first.finish();

        TusUploader second = client.resumeUpload(upload(bytes, contentType));
        if (second.getOffset() != CHUNK) {
            throw new IOException("resumed at " + second.getOffset());
        }
        second.setChunkSize(CHUNK);
        while (second.uploadChunk() > -1) {
            // Until there is no more.
        }
        second.finish();
        return id(second.getUploadURL().getPath());
    }

    private static TusUpload upload(byte[] bytes, String contentType) {
        TusUpload upload = new TusUpload();
        upload.setInputStream(new ByteArrayInputStream(bytes));
        upload.setSize(bytes.length);
        upload.setFingerprint("the same");
        upload.setMetadata(Map.of("filename", "java.bin", "filetype", contentType));
        return upload;
    }

    static String javascript(URI endpoint, String token, Path file, String contentType) throws Exception {
        Path folder = installed();
        Process node = new ProcessBuilder(
                        "node",
                        "client.js",
                        endpoint.toString(),
                        token,
                        file.toAbsolutePath().toString(),
                        contentType)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!node.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || node.exitValue() != 0) {
            node.destroyForcibly();
            throw new IOException("tus-js-client failed: " + output);
        }
        return id(output);
    }

    private static Path installed() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "clients", "tusjs"));
        Path lock = folder.resolve("package-lock.json");
        boolean upToDate = Files.exists(folder.resolve("node_modules"))
                && Files.exists(lock)
                && Files.mismatch(PROGRAM.resolve("package-lock.json"), lock) == -1;
        for (String file : List.of("client.js", "package.json", "package-lock.json")) {
            Files.copy(PROGRAM.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!upToDate) {
            Path output = folder.resolve("npm.log");
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!npm.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                throw new IOException("npm ci failed: " + Files.readString(output));
            }
        }
        return folder;
    }

    private static String id(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
