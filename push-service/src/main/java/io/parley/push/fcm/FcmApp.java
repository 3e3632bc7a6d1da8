package io.parley.push.fcm;

import com.google.api.client.json.gson.GsonFactory;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.messaging.FirebaseMessaging;
import io.parley.push.secrets.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One project of Firebase, from the file of its service account. One thread calls it, save {@link #accessWasRefused()}. */
final class FcmApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FcmApp.class);

    private final SecretFile file;
    private final FcmTransport transport;
    private final ExecutorService pool;
    private byte[] account;
    private FirebaseApp app;
    private volatile boolean refused;

    /**
     * Reads the file.
     *
     * @throws IOException when it is not a service account's; the message has nothing of what is in it
     */
    FcmApp(SecretFile file, FcmTransport transport, ExecutorService pool) throws IOException {
        this.file = file;
        this.transport = transport;
        this.pool = pool;
        this.account = file.read();
        this.app = open(account);
    }

    /** What sends to this project. */
    FirebaseMessaging messaging() {
        if (refused) {
            refused = false;
            // The SDK keeps its access token until it expires: only another app asks for another one.
            replace(account);
        }
        return FirebaseMessaging.getInstance(app);
    }

    /** FCM does not accept the access token any more. The next message is sent with a new one. */
    void accessWasRefused() {
        refused = true;
    }

    /** Reads the file again if it has changed. */
    void reload() {
        if (file.hasChanged()) {
            try {
                if (replace(file.read())) {
                    LOG.info("service account read again, file={}", file);
                }
            } catch (IOException e) {
                LOG.warn(
                        "service account cannot be read, the one before stays in use, file={} error={}",
                        file,
                        e.toString());
            }
        }
    }

    private boolean replace(byte[] newAccount) {
        try {
            FirebaseApp newApp = open(newAccount);
            app.delete();
            app = newApp;
            account = newAccount;
            return true;
        } catch (IOException e) {
            LOG.warn("not a service account, the one before stays in use, file={} error={}", file, e.getMessage());
            return false;
        }
    }

    private FirebaseApp open(byte[] json) throws IOException {
        FirebaseOptions options = FirebaseOptions.builder()
                .setCredentials(credentials(json))
                .setHttpTransport(transport)
                .setJsonFactory(GsonFactory.getDefaultInstance())
                .setThreadManager(new FcmThreads(pool))
                .build();
        // The SDK keeps all apps of the process by name.
        return FirebaseApp.initializeApp(options, "parley-" + UUID.randomUUID());
    }

    private ServiceAccountCredentials credentials(byte[] json) throws IOException {
        ServiceAccountCredentials credentials = parsed(json);
        if (credentials.getProjectId() == null || credentials.getProjectId().isEmpty()) {
            throw new IOException("no project_id in it");
        }
        // The service tries again by itself.
        return credentials.createWithCustomRetryStrategy(false);
    }

    private ServiceAccountCredentials parsed(byte[] json) throws IOException {
        try {
            return ServiceAccountCredentials.fromStream(new ByteArrayInputStream(json), () -> transport);
        } catch (IOException | RuntimeException e) {
            // What the parser says may quote the key.
            throw new IOException("not the JSON file of a service account");
        }
    }

    @Override
    public void close() {
        app.delete();
    }
}
