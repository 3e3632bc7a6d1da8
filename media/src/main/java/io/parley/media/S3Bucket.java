package io.parley.media;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The requests to a bucket that the store of attachments needs. A failure of the server or of the way to it is an {@link IOException}. */
final class S3Bucket implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int MOST_DELETED_AT_ONCE = 1000;

    private final S3Client client;
    private final String bucket;

    /** An object of the bucket. */
    record Stored(String key, long size, String etag) {}

    S3Bucket(S3Settings settings) {
        this.bucket = settings.bucket();
        this.client = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
                        .build())
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .applyMutation(builder -> settings.endpoint().ifPresent(builder::endpointOverride))
                .serviceConfiguration(configuration(settings))
                // Servers of others do not know the newer checksums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .build();
    }

    static S3Configuration configuration(S3Settings settings) {
        return S3Configuration.builder()
                .pathStyleAccessEnabled(settings.pathStyle())
                .build();
    }

    static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.credentials()
                .<AwsCredentialsProvider>map(file -> ProfileCredentialsProvider.builder()
                        .profileFile(ProfileFile.builder()
                                .content(file)
                                .type(ProfileFile.Type.CREDENTIALS)
                                .build())
                        .build())
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    /** @throws IOException if the bucket cannot be reached, or is none of these credentials */
    void check() throws IOException {
        asked(() -> client.headBucket(request -> request.bucket(bucket)));
    }

    void put(String key, Path file) throws IOException {
        asked(() -> client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromFile(file)));
    }

    void put(String key, Bytes bytes) throws IOException {
        asked(() -> client.putObject(request -> request.bucket(bucket).key(key), body(bytes)));
    }

    /** Bytes that can be read again, if a request has to be sent again. */
    record Bytes(long size, Reading from) {
        interface Reading {
            InputStream open() throws IOException;
        }
    }

    private static RequestBody body(Bytes bytes) {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return bytes.from().open();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                bytes.size(),
                "application/octet-stream");
    }

    /** What is known of an object; empty if there is none. */
    Optional<Stored> find(String key) throws IOException {
        try {
            HeadObjectResponse head = asked(
                    () -> client.headObject(request -> request.bucket(bucket).key(key)));
            return Optional.of(new Stored(key, head.contentLength(), head.eTag()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** @throws NoSuchFileException if there is none */
    InputStream read(String key, long offset) throws IOException {
        return ending(() -> client.getObject(
                request -> request.bucket(bucket).key(key).range(offset == 0 ? null : "bytes=" + offset + "-")));
    }

    /** @throws NoSuchFileException if there is none, or another one by now */
    InputStream read(Stored object) throws IOException {
        return ending(() -> client.getObject(
                request -> request.bucket(bucket).key(object.key()).ifMatch(object.etag())));
    }

    /** Who needs only the first bytes does not wait for the others. */
    private static InputStream ending(Supplier<ResponseInputStream<GetObjectResponse>> request) throws IOException {
        ResponseInputStream<GetObjectResponse> answer = asked(request);
        return new FilterInputStream(answer) {
            @Override
            public void close() {
                answer.abort();
            }
        };
    }

    /** @throws NoSuchFileException if the source is not there, or is another one by now */
    void copy(Stored from, String to) throws IOException {
        asked(() -> client.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey(from.key())
                .copySourceIfMatch(from.etag())
                .destinationBucket(bucket)
                .destinationKey(to)));
    }

    /** All objects whose keys begin so. */
    List<Stored> list(String prefix) throws IOException {
        return asked(() ->
                client.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                        .map(object -> new Stored(object.key(), object.size(), object.eTag()))
                        .toList());
    }

    /** Deletes objects; those that are not there do not matter. */
    void delete(Collection<String> keys) throws IOException {
        List<ObjectIdentifier> all = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        for (int from = 0; from < all.size(); from += MOST_DELETED_AT_ONCE) {
            List<ObjectIdentifier> some = all.subList(from, Math.min(all.size(), from + MOST_DELETED_AT_ONCE));
            var answer = asked(() -> client.deleteObjects(request ->
                    request.bucket(bucket).delete(delete -> delete.objects(some).quiet(true))));
            if (answer.hasErrors() && !answer.errors().isEmpty()) {
                throw new IOException("S3 does not delete: " + answer.errors().get(0));
            }
        }
    }

    /** The multipart uploads of one key, not finished and not aborted. */
    List<String> multiparts(String key) throws IOException {
        return asked(() -> client
                .listMultipartUploads(request -> request.bucket(bucket).prefix(key))
                .uploads()
                .stream()
                .filter(upload -> upload.key().equals(key))
                .map(MultipartUpload::uploadId)
                .sorted()
                .toList());
    }

    String beginMultipart(String key) throws IOException {
        return asked(() -> client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key)))
                .uploadId();
    }

    /** The parts of a multipart upload, by number; none if it is not there any more. */
    List<Part> parts(String key, String upload) throws IOException {
        try {
            return asked(() -> new ArrayList<>(
                    client
                            .listPartsPaginator(
                                    request -> request.bucket(bucket).key(key).uploadId(upload))
                            .parts()
                            .stream()
                            .toList()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    void putPart(String key, String upload, int number, Bytes bytes) throws IOException {
        asked(() -> client.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .contentLength(bytes.size()),
                body(bytes)));
    }

    void finishMultipart(String key, String upload, List<Part> parts) throws IOException {
        List<CompletedPart> all = parts.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.partNumber())
                        .eTag(part.eTag())
                        .build())
                .toList();
        asked(() -> client.completeMultipartUpload(request ->
                request.bucket(bucket).key(key).uploadId(upload).multipartUpload(completed -> completed.parts(all))));
    }

    void abortMultiparts(String key) throws IOException {
        for (String upload : multiparts(key)) {
            try {
                asked(() -> client.abortMultipartUpload(
                        request -> request.bucket(bucket).key(key).uploadId(upload)));
            } catch (NoSuchFileException e) {
                // Aborted by another process.
            }
        }
    }

    private static <T> T asked(Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (NoSuchKeyException | NoSuchUploadException e) {
            throw missing(e);
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND || e.statusCode() == PRECONDITION_FAILED) {
                throw missing(e);
            }
            throw new IOException("S3 refuses: " + e.getMessage(), e);
        } catch (SdkException | java.io.UncheckedIOException e) {
            throw new IOException("S3 cannot be reached: " + e.getMessage(), e);
        }
    }

    private static NoSuchFileException missing(S3Exception failure) {
        NoSuchFileException missing = new NoSuchFileException(String.valueOf(failure.getMessage()));
        missing.initCause(failure);
        return missing;
    }

    @Override
    public void close() {
        client.close();
    }
}
