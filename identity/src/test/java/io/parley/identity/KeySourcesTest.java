package io.parley.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourcesTest {
    private static final UserId ALICE = UserId.parse("alice");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    @Test
    void dev_keys_sign_what_the_verifier_accepts_also_after_they_are_opened_again() throws IOException {
        String early = keys("a").sign(ALICE, Duration.ofMinutes(1));
        String later = keys("a").sign(ALICE, Duration.ofMinutes(1));
        TokenVerifier verifier = TokenVerifier.of(
                keys("a").jwks().toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);

        assertThat(verifier.verify(early)).isInstanceOf(Verified.class);
        assertThat(verifier.verify(later)).isInstanceOf(Verified.class);
        assertThat(verifier.verify(keys("a").sign(ALICE, Duration.ofSeconds(-1))))
                .isEqualTo(new Refused(Reason.EXPIRED));
    }

    @Test
    void only_the_owner_can_read_the_private_key() throws IOException {
        keys("a");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("a"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(dir.resolve("a").resolve(DevKeys.PRIVATE_FILE))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(dir.resolve("a").resolve(DevKeys.PUBLIC_FILE)))
                .doesNotContain("\"d\"");
    }

    @Test
    void first_uses_at_once_get_the_same_key_pair() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(4);
        try {
            List<Future<DevKeys>> uses = users.invokeAll(Collections.nCopies(4, () -> keys("a")));

            TokenVerifier verifier = TokenVerifier.of(
                    keys("a").jwks().toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);
            for (Future<DevKeys> use : uses) {
                assertThat(verifier.verify(use.get().sign(ALICE, Duration.ofMinutes(1))))
                        .isInstanceOf(Verified.class);
            }
        } finally {
            users.shutdown();
        }
    }

    @Test
    void a_public_file_of_another_key_is_written_anew() throws IOException {
        Path other = keys("b").jwks();
        Path own = keys("a").jwks();
        Files.copy(other, own, StandardCopyOption.REPLACE_EXISTING);

        String token = keys("a").sign(ALICE, Duration.ofMinutes(1));

        assertThat(TokenVerifier.of(own.toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE)
                        .verify(token))
                .isInstanceOf(Verified.class);
    }

    @Test
    void a_changed_file_is_read_again() throws IOException {
        Path published = dir.resolve("jwks.json");
        Files.copy(keys("a").jwks(), published);
        TokenVerifier verifier =
                TokenVerifier.of(published.toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);
        String ofA = keys("a").sign(ALICE, Duration.ofMinutes(1));
        String ofB = keys("b").sign(ALICE, Duration.ofMinutes(1));

        assertThat(verifier.verify(ofB)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
        replace(published, Files.readString(keys("b").jwks()));

        assertThat(verifier.verify(ofB)).isInstanceOf(Verified.class);
        assertThat(verifier.verify(ofA)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
    }

    @Test
    void a_broken_file_leaves_the_old_keys_in_force() throws IOException {
        Path published = dir.resolve("jwks.json");
        Files.copy(keys("a").jwks(), published);
        TokenVerifier verifier =
                TokenVerifier.of(published.toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);
        String token = keys("a").sign(ALICE, Duration.ofMinutes(1));
        assertThat(verifier.verify(token)).isInstanceOf(Verified.class);

        replace(published, "{ half a");

        assertThat(verifier.verify(token)).isInstanceOf(Verified.class);
    }

    @Test
    void without_any_keys_the_reason_says_so() throws IOException {
        TokenVerifier verifier = TokenVerifier.of(
                dir.resolve("nothing.json").toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);

        assertThat(verifier.verify(keys("a").sign(ALICE, Duration.ofMinutes(1))))
                .isEqualTo(new Refused(Reason.KEYS_UNAVAILABLE));
    }

    @Test
    void keys_from_a_url_are_cached_and_fetched_again_for_an_unknown_key_but_not_too_often() throws IOException {
        AtomicReference<String> body =
                new AtomicReference<>(Files.readString(keys("a").jwks()));
        AtomicInteger fetches = new AtomicInteger();
        AtomicLong nanos = new AtomicLong();
        HttpServer server = serve(body, fetches);
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
            TokenVerifier verifier = new TokenVerifier(
                    new UrlKeySet(url, nanos::get),
                    "parley",
                    "parley",
                    Duration.ofDays(30),
                    Revocations.NONE,
                    Clock.systemUTC());
            String ofA = keys("a").sign(ALICE, Duration.ofMinutes(1));
            String ofB = keys("b").sign(ALICE, Duration.ofMinutes(1));

            assertThat(verifier.verify(ofA)).isInstanceOf(Verified.class);
            body.set(Files.readString(keys("b").jwks()));
            assertThat(verifier.verify(ofB)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
            assertThat(verifier.verify(ofB)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
            assertThat(fetches).hasValue(1);

            nanos.addAndGet(UrlKeySet.MIN_INTERVAL.toNanos());
            assertThat(verifier.verify(ofB)).isInstanceOf(Verified.class);
            assertThat(fetches).hasValue(2);

            nanos.addAndGet(UrlKeySet.MAX_AGE.toNanos());
            assertThat(verifier.verify(ofB)).isInstanceOf(Verified.class);
            assertThat(fetches).hasValue(3);
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer serve(AtomicReference<String> body, AtomicInteger fetches) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/jwks.json", exchange -> {
            fetches.incrementAndGet();
            byte[] bytes = requireNonNull(body.get()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    private DevKeys keys(String name) throws IOException {
        return DevKeys.openOrCreate(dir.resolve(name), "parley", "parley");
    }

    private static void replace(Path file, String content) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
