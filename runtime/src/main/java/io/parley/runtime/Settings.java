package io.parley.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The settings of a process, read once at its start. From the strongest: system properties, environment variables named in a
 * {@code reference.conf}, the file named by {@code PARLEY_CONFIG} (or {@code -Dconfig.file}), the {@code reference.conf} of every
 * module. Each getter throws {@link BadSetting}, which names the key.
 */
public final class Settings {
    private static final String ENVIRONMENT_ORIGIN = "env var";

    private final Config config;

    private Settings(Config config) {
        this.config = config;
    }

    /**
     * Reads the settings of this process.
     *
     * @throws BadSetting when the file named by {@code PARLEY_CONFIG} does not exist or does not parse
     */
    public static Settings load() {
        String file = Optional.ofNullable(System.getenv("PARLEY_CONFIG"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> System.getProperty("config.file", ""));
        try {
            ConfigFactory.invalidateCaches();
            Config defaults = ConfigFactory.defaultReference();
            return new Settings(ConfigFactory.defaultOverrides()
                    .withFallback(fromEnvironment(defaults))
                    .withFallback(fromFile(file))
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve());
        } catch (ConfigException e) {
            throw new BadSetting("settings cannot be read: " + e.getMessage());
        }
    }

    /** Settings from a ready configuration; for tests and for processes that compose their own. */
    public static Settings of(Config config) {
        return new Settings(config);
    }

    private static Config fromFile(String name) {
        if (name.isBlank()) {
            return ConfigFactory.empty();
        }
        return ConfigFactory.parseFile(
                new File(name), ConfigParseOptions.defaults().setAllowMissing(false));
    }

    /** What {@code key = ${?PARLEY_…}} lines took from the environment: it must win over the file, which wins over the rest. */
    private static Config fromEnvironment(Config defaults) {
        Config found = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> entry : defaults.entrySet()) {
            if (entry.getValue().origin().description().contains(ENVIRONMENT_ORIGIN)) {
                found = found.withValue(entry.getKey(), entry.getValue());
            }
        }
        return found;
    }

    /** The text at {@code key}; blank counts as missing. */
    public String text(String key) {
        return optionalText(key).orElseThrow(() -> bad(key, "must be set"));
    }

    /** The text at {@code key}, or empty when it is missing or blank. */
    public Optional<String> optionalText(String key) {
        if (!config.hasPath(key)) {
            return Optional.empty();
        }
        return Optional.of(read(key, "a text", config::getString).strip()).filter(value -> !value.isEmpty());
    }

    /** The comma-separated, stripped items at {@code key}; at least one. */
    public List<String> list(String key) {
        List<String> items = Arrays.stream(text(key).split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
        if (items.isEmpty()) {
            throw bad(key, "must name at least one");
        }
        return items;
    }

    /** The names of the sections below {@code key}, in alphabetical order; none if there is nothing. */
    public List<String> names(String key) {
        if (!config.hasPath(key)) {
            return List.of();
        }
        return read(key, "must be sections, each with a name", config::getObject).keySet().stream()
                .sorted()
                .toList();
    }

    /** The whole number at {@code key}, between {@code min} and {@code max}, both allowed. */
    public int integer(String key, int min, int max) {
        return (int) wholeNumber(key, min, max);
    }

    /** The whole number at {@code key}, between {@code min} and {@code max}, both allowed. */
    public long wholeNumber(String key, long min, long max) {
        String expected = "must be a whole number from " + min + " to " + max;
        long value = read(key, expected, config::getLong);
        if (value < min || value > max) {
            throw bad(key, expected);
        }
        return value;
    }

    /** The whole number at {@code key}, between {@code min} and {@code max}, both allowed; empty when it is missing or blank. */
    public OptionalInt optionalInteger(String key, int min, int max) {
        return optionalText(key).isEmpty() ? OptionalInt.empty() : OptionalInt.of(integer(key, min, max));
    }

    /** Whether nobody said anything about {@code key}: its value is the default. */
    public boolean isDefault(String key) {
        return config.hasPath(key)
                && config.getValue(key).origin().description().contains("reference.conf");
    }

    /** The decimal number at {@code key}, between {@code min} and {@code max}, both allowed. */
    public double number(String key, double min, double max) {
        String expected = "must be a number from " + min + " to " + max;
        double value = read(key, expected, config::getDouble);
        if (!(value >= min && value <= max)) {
            throw bad(key, expected);
        }
        return value;
    }

    /** The TCP port at {@code key}; 0 lets the system choose one. */
    public int port(String key) {
        return integer(key, 0, 65_535);
    }

    /** True or false at {@code key} (also yes/no, on/off). */
    public boolean flag(String key) {
        return read(key, "must be true or false", config::getBoolean);
    }

    /** The duration at {@code key}, such as {@code 500ms}, {@code 10s}, {@code 7d}; a bare number is milliseconds. */
    public Duration duration(String key) {
        Duration value = read(key, "must be a duration such as 500ms, 10s or 7d", config::getDuration);
        if (value.isNegative()) {
            throw bad(key, "must not be negative");
        }
        return value;
    }

    /** The size in bytes at {@code key}, such as {@code 128KiB}. */
    public long bytes(String key) {
        return read(key, "must be a size such as 128KiB", config::getBytes);
    }

    /** An error about {@code key}, for checks that only the owner of the setting can do. */
    public BadSetting bad(String key, String expected) {
        if (!config.hasPath(key)) {
            return new BadSetting("setting " + key + " is missing: " + expected);
        }
        ConfigValue value = config.getValue(key);
        return new BadSetting("setting " + key + " " + expected + ", but is " + value.render() + " ("
                + value.origin().description() + ")");
    }

    private <T> T read(String key, String expected, Function<String, T> getter) {
        try {
            return getter.apply(key);
        } catch (ConfigException e) {
            throw bad(key, expected);
        }
    }
}
