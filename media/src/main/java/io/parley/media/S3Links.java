package io.parley.media;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** Signs addresses with which a client reads from the bucket, or writes to it, without this server. */
public final class S3Links implements AutoCloseable {
    /** S3 takes none that are good for longer. */
    static final Duration LONGEST = Duration.ofDays(7);

    private final S3Presigner presigner;
    private final String bucket;

    /**
     * A signed address.
     *
     * @param url of the object
     * @param headers that the request must have, beside the host
     * @param expires when it ends
     */
    public record Address(URI url, Map<String, String> headers, Instant expires) {}

    S3Links(S3Settings settings) {
        this.bucket = settings.bucket();
        S3Presigner.Builder building = S3Presigner.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(S3Bucket.credentials(settings))
                .serviceConfiguration(S3Bucket.configuration(settings));
        settings.directEndpoint().or(settings::endpoint).ifPresent(building::endpointOverride);
        this.presigner = building.build();
    }

    /** For exactly so many bytes. */
    Address put(String key, long size, Duration validity) {
        PutObjectRequest object = PutObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .contentLength(size)
                .build();
        PresignedPutObjectRequest signed = presigner.presignPutObject(
                request -> request.signatureDuration(shorter(validity)).putObjectRequest(object));
        return new Address(URI.create(signed.url().toString()), headers(signed.signedHeaders()), signed.expiration());
    }

    /** @param disposition whether it is shown or saved, and under which name */
    Address get(String key, String contentType, String disposition, Duration validity) {
        GetObjectRequest object = GetObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .responseContentType(contentType)
                .responseContentDisposition(disposition)
                .responseCacheControl("private, no-cache")
                .build();
        PresignedGetObjectRequest signed = presigner.presignGetObject(
                request -> request.signatureDuration(shorter(validity)).getObjectRequest(object));
        return new Address(URI.create(signed.url().toString()), Map.of(), signed.expiration());
    }

    private static Duration shorter(Duration validity) {
        return validity.compareTo(LONGEST) < 0 ? validity : LONGEST;
    }

    private static Map<String, String> headers(Map<String, java.util.List<String>> signed) {
        return signed.entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase("host"))
                .collect(
                        Collectors.toUnmodifiableMap(Map.Entry::getKey, header -> String.join(",", header.getValue())));
    }

    @Override
    public void close() {
        presigner.close();
    }
}
