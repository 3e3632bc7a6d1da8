package io.parley.standalone;

import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Where a platform's plugins are. */
public final class PluginsFolder {
    /** The environment variable that names it. */
    public static final String VARIABLE = "PARLEY_PLUGINS";

    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

    private PluginsFolder() {}

    /** Whether a text can be a plugin's id. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static PlatformException unknown(String id) {
        return new PlatformException("there is no plugin " + id + ": ./parley plugins list shows them");
    }

    /** The folder that the settings name, else {@code DATA/plugins}. */
    public static Path of(Settings settings, Path data) {
        return settings.optionalText("parley.plugins.folder")
                .map(named -> Path.of(named).toAbsolutePath())
                .orElseGet(() -> data.resolve("plugins"));
    }

    /** Whether there is a plugin in it. */
    public static boolean isUsed(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            return jars.iterator().hasNext();
        }
    }

    /** A line for each plugin, where no plugin service can be asked. */
    public static List<String> describe(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> plugin : versions(folder).entrySet()) {
            String id = plugin.getKey();
            String state = Files.exists(folder.resolve(id + ".disabled"))
                    ? "DISABLED"
                    : Files.exists(folder.resolve(id + ".failed")) ? "FAILED" : "ENABLED";
            lines.add(String.format("%-24s %-10s %s", id, plugin.getValue(), state));
        }
        return lines;
    }

    /**
     * Enables or disables a plugin by the files that the plugin service goes by.
     *
     * @throws PlatformException when there is none of that id
     */
    public static void set(Path folder, String id, boolean enabled) throws IOException, PlatformException {
        if (!versions(folder).containsKey(id)) {
            throw unknown(id);
        }
        Path disabled = folder.resolve(id + ".disabled");
        if (enabled) {
            Files.deleteIfExists(disabled);
            Files.deleteIfExists(folder.resolve(id + ".failed"));
        } else if (Files.notExists(disabled)) {
            Files.createFile(disabled);
        }
    }

    /** The versions of plugins by their ids, as their manifests have them. */
    private static Map<String, String> versions(Path folder) throws IOException {
        Map<String, String> versions = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return versions;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : jars) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    Attributes manifest = jar.getManifest() == null
                            ? new Attributes()
                            : jar.getManifest().getMainAttributes();
                    String id = manifest.getValue("Plugin-Id");
                    if (id != null && isId(id)) {
                        versions.put(id, String.valueOf(manifest.getValue("Plugin-Version")));
                    }
                }
            }
        }
        return versions;
    }

    /** What every process is told of the plugin service. */
    static Map<String, String> environment(Settings settings, Addresses addresses, Path data) {
        Map<String, String> told = new HashMap<>();
        told.put(VARIABLE, of(settings, data).toString());
        told.put("PARLEY_PLUGINS_ADDRESS", Addresses.HOST + ":" + addresses.of(Port.PLUGINS));
        told.put("PARLEY_PLUGINS_API", "http://" + Addresses.HOST + ":" + addresses.http());
        if (settings.optionalText("parley.jwt.jwks").isEmpty()) {
            told.put("PARLEY_PLUGINS_BOT_KEYS", Tokens.folder(data).toString());
        }
        return told;
    }
}
