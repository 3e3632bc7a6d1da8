package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docker/} says in other languages is what the platform has. */
class ContainersTest {
    private static final Path DOCKER =
            Path.of(System.getProperty("parley.home", "..")).resolve("docker");
    private static final Pattern ROLE = Pattern.compile("([a-z-]+)\\) module=(\\S+) main=(\\S+) ;;");
    private static final Pattern SETTING = Pattern.compile("PARLEY_[A-Z0-9_]+");
    /** Of the image itself, and of Kafka's and Cassandra's processes, which read no settings. */
    private static final Pattern OWN = Pattern.compile(
            "PARLEY_(IMAGE|DATA|PUSH_SECRETS|PLUGINS_FOLDER|SECRETS_FOLDER|(KAFKA|CASSANDRA)_(HOST|NODE_ID|VOTERS|SEEDS))");

    @Test
    void the_image_runs_each_role_as_the_platform_does() throws IOException {
        Map<String, String> image = ROLE.matcher(Files.readString(DOCKER.resolve("entrypoint")))
                .results()
                .collect(Collectors.toMap(role -> role.group(1), role -> role.group(2) + " " + role.group(3)));
        Map<String, String> platform = Stream.of(RoleName.values())
                .map(name -> Roles.alone(name, Settings.load(), Path.of("data")))
                .collect(Collectors.toMap(
                        role -> role.name().toString(), role -> role.module() + " " + role.mainClass()));

        assertThat(image).isEqualTo(platform);
    }

    @Test
    void deployments_set_only_what_services_read() throws IOException {
        String known = Files.readString(DOCKER.resolveSibling("docs/operations/settings.md"));
        for (String file : List.of("compose.yaml", "compose.cluster.yaml", "kubernetes/kustomization.yaml")) {
            assertThat(SETTING.matcher(Files.readString(DOCKER.resolve(file)))
                            .results()
                            .map(found -> found.group()))
                    .as(file)
                    .filteredOn(name -> !OWN.matcher(name).matches())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(known).contains("`" + name + "`"));
        }
    }
}
