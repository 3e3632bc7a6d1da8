package io.parley.standalone.libraries;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The libraries, each with the version of MQTT that it speaks here. */
enum Library {
    PAHO_JAVA_3 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws Exception {
            return new PahoV3Library(seat);
        }
    },
    PAHO_JAVA_5 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws Exception {
            return new PahoV5Library(seat);
        }
    },
    HIVEMQ_3 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws Exception {
            return new HiveMqV3Library(seat);
        }
    },
    HIVEMQ_5 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws Exception {
            return new HiveMqV5Library(seat);
        }
    },
    MOSQUITTO_3 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws IOException {
            return new MosquittoLibrary(4, seat);
        }
    },
    MOSQUITTO_5 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws IOException {
            return new MosquittoLibrary(5, seat);
        }
    },
    PAHO_PYTHON_3 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws IOException {
            return python(4, seat, folder);
        }
    },
    PAHO_PYTHON_5 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws IOException {
            return python(5, seat, folder);
        }
    },
    MQTT_JS_3 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws Exception {
            return javaScript(4, seat, folder);
        }
    },
    MQTT_JS_5 {
        @Override
        LibraryClient connect(Seat seat, Path folder) throws Exception {
            return javaScript(5, seat, folder);
        }
    };

    private static final Path PROGRAMS = Path.of("src", "test", "clients");

    /** Connects and subscribes. */
    abstract LibraryClient connect(Seat seat, Path folder) throws Exception;

    /** The protocol level: 4 for MQTT 3.1.1, 5 for MQTT 5. */
    int level() {
        return name().endsWith("5") ? 5 : 4;
    }

    /** How many connections its client has. */
    int connections() {
        return isMosquitto() ? 3 : 1;
    }

    /** Whether it sends its SUBSCRIBE after every connect, as the program mosquitto_sub does. */
    boolean subscribesAlways() {
        return isMosquitto();
    }

    private boolean isMosquitto() {
        return this == MOSQUITTO_3 || this == MOSQUITTO_5;
    }

    /** The part of a user's name that is the library's. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is missing on this machine, and how to install it. */
    private Optional<String> missing() throws IOException, InterruptedException {
        return switch (this) {
            case MOSQUITTO_3, MOSQUITTO_5 ->
                Programs.isOnPath("mosquitto_pub")
                        ? Optional.empty()
                        : Optional.of("Install Mosquitto's clients: apt-get install mosquitto-clients");
            case PAHO_PYTHON_3, PAHO_PYTHON_5 ->
                Programs.pythonWithPaho().isPresent()
                        ? Optional.empty()
                        : Optional.of("Install paho-mqtt 1.6 for Python: apt-get install python3-paho-mqtt");
            case MQTT_JS_3, MQTT_JS_5 ->
                Programs.isOnPath("node") && Programs.isOnPath("npm")
                        ? Optional.empty()
                        : Optional.of("Install Node.js 16 or newer and npm: apt-get install nodejs npm");
            default -> Optional.empty();
        };
    }

    /** Whether the library can be used here. Continuous integration ({@code CI} is set) must have it. */
    boolean isInstalled() throws IOException, InterruptedException {
        return System.getenv("CI") != null || missing().isEmpty();
    }

    /** Skips the test where the library cannot be used. */
    void assumeInstalled() throws IOException, InterruptedException {
        assumeTrue(isInstalled(), missing().orElse(""));
    }

    LibraryClient python(int level, Seat seat, Path folder) throws IOException {
        try {
            String python =
                    Programs.pythonWithPaho().orElseThrow(() -> new IOException("no Python with paho-mqtt 1.6"));
            String script = PROGRAMS.resolve("python").resolve("client.py").toString();
            return new Program(List.of(python, "-u", script), level, seat, folder.resolve(title() + ".err"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    LibraryClient javaScript(int level, Seat seat, Path folder) throws IOException, InterruptedException {
        Path modules = NodeModules.installed(PROGRAMS.resolve("mqttjs"));
        String script = modules.resolve("client.js").toString();
        return new Program(List.of("node", script), level, seat, folder.resolve(title() + ".err"));
    }
}
