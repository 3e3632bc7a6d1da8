package io.parley.standalone.libraries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program for Node.js with the packages of its lock file, installed under {@code target}. */
public final class NodeModules {
    private static final int PATIENCE_MINUTES = 3;

    private NodeModules() {}

    /** Copies the program of {@code source}, if it has one, and installs what it needs, if that is not done yet. Returns the folder. */
    public static synchronized Path installed(Path source) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "clients").resolve(source.getFileName()));
        boolean upToDate = Files.exists(folder.resolve("node_modules"))
                && Files.mismatch(source.resolve("package-lock.json"), folder.resolve("package-lock.json")) == -1;
        for (String file : List.of("client.js", "package.json", "package-lock.json")) {
            if (Files.exists(source.resolve(file))) {
                Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
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
}
