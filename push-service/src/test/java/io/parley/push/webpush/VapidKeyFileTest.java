package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.push.secrets.SecretFile;
import io.parley.push.sink.VapidKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class VapidKeyFileTest {
    @TempDir
    Path folder;

    private String publicKey(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("vapid.pem"), content);
        return new VapidSigner("mailto:push@example.org", VapidKeyFile.read(new SecretFile(file))).publicKey();
    }

    @Test
    void a_key_that_openssl_made_is_read() throws IOException {
        String made = """
                -----BEGIN PRIVATE KEY-----
                MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEF3BYEIe29KqkJlS
                5+zkQv0vcFtHBPdZRvaVSFMXAW+hRANCAATDyOHG/+UrM/aiRIyNHcRJeQ/mLo8H
                u0njQwnKv27g/BjIyjRtis0wq9I0BUw/OWztU672mpYAwevGUjFbVYw9
                -----END PRIVATE KEY-----
                """;

        assertThat(publicKey(made))
                .isEqualTo("BMPI4cb_5Ssz9qJEjI0dxEl5D-Yujwe7SeNDCcq_buD8GMjKNG2KzTCr0jQFTD85bO1TrvaalgDB68ZSMVtVjD0");
    }

    @Test
    void a_key_that_the_counterpart_made_is_read() throws IOException {
        assertThat(publicKey(VapidKey.newFile())).hasSize(87).startsWith("B");
    }

    @Test
    void what_is_no_key_is_told_without_what_is_in_it() {
        assertThatThrownBy(() -> publicKey("secret"))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> publicKey("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("openssl genpkey");
    }

    @Test
    void a_public_key_of_another_key_is_noticed() {
        String one = VapidKey.newFile();
        String other = VapidKey.newFile();
        // The public key begins after the 60th byte, in the second line: both files' lines are of one length.
        String mixed = one.substring(0, 28 + 64) + other.substring(28 + 64);

        assertThatThrownBy(() -> publicKey(mixed)).isInstanceOf(IOException.class);
    }
}
