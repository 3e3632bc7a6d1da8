package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of HTTPS comes from PEM files, and changes with them. */
final class TlsFilesTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "tls");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void new_files_are_used_and_those_that_are_none_change_nothing() throws Exception {
        put("first", Instant.EPOCH);
        TlsFiles files = new TlsFiles(settings());
        files.factory().start();
        assertThat(name(files)).contains("first.example.org");

        put("second", Instant.EPOCH.plusSeconds(10));
        files.readAgain();
        assertThat(name(files)).contains("second.example.org");

        Files.writeString(folder.resolve("key"), "nothing");
        files.readAgain();
        assertThat(name(files)).contains("second.example.org");
        files.factory().stop();
    }

    @Test
    void what_is_no_certificate_is_told_at_the_start() throws Exception {
        put("first", Instant.EPOCH);
        Files.writeString(folder.resolve("key"), "nothing");

        assertThatIllegalArgumentException().isThrownBy(() -> new TlsFiles(settings()));
    }

    private WebSettings.Tls settings() {
        return new WebSettings.Tls(8443, folder.resolve("crt"), folder.resolve("key"), Duration.ofSeconds(10));
    }

    private void put(String name, Instant at) throws IOException {
        for (String kind : new String[] {"crt", "key"}) {
            Path file = folder.resolve(kind);
            Files.copy(RESOURCES.resolve(name + "." + kind), file, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(file, FileTime.from(at));
        }
    }

    private static String name(TlsFiles files) throws Exception {
        X509Certificate certificate =
                (X509Certificate) files.factory().getKeyStore().getCertificate("server");
        return certificate.getSubjectX500Principal().getName();
    }
}
