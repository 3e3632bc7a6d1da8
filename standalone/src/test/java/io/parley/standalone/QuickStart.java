package io.parley.standalone;

import io.parley.standalone.libraries.NodeModules;
import io.parley.standalone.libraries.Programs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The programs of {@code clients/quick-start}, each started as its first lines say. */
enum QuickStart {
    PYTHON {
        @Override
        boolean isPossible() throws IOException, InterruptedException {
            return Programs.pythonWithPaho().isPresent();
        }

        @Override
        List<String> command(Path source, Path folder) throws IOException, InterruptedException {
            String python = Programs.pythonWithPaho().orElseThrow();
            return List.of(python, source.resolve("client.py").toString());
        }
    },
    JAVASCRIPT {
        @Override
        boolean isPossible() {
            return Programs.isOnPath("node", "npm");
        }

        @Override
        List<String> command(Path source, Path folder) throws IOException, InterruptedException {
            Path modules = NodeModules.installed(source).toAbsolutePath();
            return List.of("node", modules.resolve("client.js").toString());
        }
    },
    JAVA_HIVEMQ,
    JAVA_PAHO,
    C {
        @Override
        boolean isPossible() {
            return Programs.isOnPath("gcc") && Files.exists(Path.of("/usr/include/mosquitto.h"));
        }

        @Override
        List<String> command(Path source, Path folder) throws IOException, InterruptedException {
            Path program = folder.resolve("client");
            Process gcc = new ProcessBuilder(
                            "gcc",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            source.resolve("client.c").toString(),
                            "-o",
                            program.toString(),
                            "-lmosquitto")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("gcc.log").toFile())
                    .start();
            if (!gcc.waitFor(1, TimeUnit.MINUTES) || gcc.exitValue() != 0) {
                throw new IOException("gcc says " + Files.readString(folder.resolve("gcc.log")));
            }
            return List.of(program.toString());
        }
    },
    SHELL {
        @Override
        boolean isPossible() {
            return Programs.isOnPath("bash", "mosquitto_sub", "mosquitto_pub");
        }

        @Override
        List<String> command(Path source, Path folder) {
            return List.of(source.resolve("client.sh").toString());
        }
    };

    /** Whether this machine has what it needs. */
    boolean isPossible() throws IOException, InterruptedException {
        return true;
    }

    /** Whether it is to be played: continuous integration ({@code CI} is set) must have what it needs. */
    boolean isPlayed() throws IOException, InterruptedException {
        return System.getenv("CI") != null || isPossible();
    }

    /** Its folder, and the part of a user's name that is its. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What starts it, but for its arguments. For the Java programs: the source file alone, with what is on the class path of the tests. */
    List<String> command(Path source, Path folder) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                source.resolve("Client.java").toString());
    }

    /** A program that runs. Its output is in {@code output.log} of its folder. */
    record Running(Process process, BufferedWriter input, Path folder) implements AutoCloseable {
        /** What it printed, a line for each. */
        List<String> lines() {
            try {
                return Files.readAllLines(folder.resolve("output.log"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void type(String line) throws IOException {
            input.write(line + "\n");
            input.flush();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** @param folder a new one, in which it runs */
    Running start(Login login, String to, Path folder) throws IOException, InterruptedException {
        Path source = Path.of("..", "clients", "quick-start", title())
                .toAbsolutePath()
                .normalize();
        List<String> command = new ArrayList<>(command(source, folder));
        command.addAll(List.of(Addresses.HOST, String.valueOf(login.port()), login.userName(), to));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().put("PARLEY_TOKEN", login.password());
        Process process = builder.start();
        return new Running(process, process.outputWriter(StandardCharsets.UTF_8), folder);
    }
}
