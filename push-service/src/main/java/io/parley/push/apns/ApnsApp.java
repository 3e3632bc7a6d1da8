package io.parley.push.apns;

import io.parley.runtime.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An app, or several of one team, with what proves to Apple that we may send to it.
 *
 * @param name as operators call it
 * @param topics the topics (bundle ids) that it may send to; {@link ApnsSettings#ALL_OTHERS} among them: those that no app names too
 * @param proof a key or a certificate
 */
record ApnsApp(String name, List<String> topics, Proof proof) {

    /** How we prove who we are. Where it lies only, never what is in it. */
    sealed interface Proof {}

    /**
     * A key that signs a token for each connection, good for both environments and all apps of the team.
     *
     * @param file Apple's .p8 file
     * @param id the key's id, ten characters
     * @param team the team's id, ten characters
     */
    record Key(Path file, String id, String team) implements Proof {}

    /**
     * A client certificate, good for the topics that it names.
     *
     * @param file a PKCS #12 file
     * @param passwordFile a file with its password; empty: it has none
     */
    record Certificate(Path file, Optional<Path> passwordFile) implements Proof {}

    ApnsApp {
        topics = List.copyOf(topics);
    }

    /** Reads one app; empty if it has neither a key nor a certificate. */
    static Optional<ApnsApp> from(Settings settings, String name) {
        Optional<Path> key = settings.optionalText(key(name, "key-file")).map(Path::of);
        Optional<Path> certificate =
                settings.optionalText(key(name, "certificate-file")).map(Path::of);
        if (key.isPresent() && certificate.isPresent()) {
            throw settings.bad(key(name, "certificate-file"), "must not be set beside key-file");
        }
        Optional<Proof> proof = key.<Proof>map(
                        file -> new Key(file, settings.text(key(name, "key-id")), settings.text(key(name, "team-id"))))
                .or(() -> certificate.map(file -> new Certificate(
                        file,
                        settings.optionalText(key(name, "certificate-password-file"))
                                .map(Path::of))));
        return proof.map(found -> new ApnsApp(name, settings.list(key(name, "topics")), found));
    }

    /** The full name of one of its settings. */
    String key(String setting) {
        return key(name, setting);
    }

    private static String key(String name, String setting) {
        return ApnsSettings.APPS + "." + name + "." + setting;
    }
}
