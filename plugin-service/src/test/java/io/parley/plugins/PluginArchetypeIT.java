package io.parley.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new project from the archetype builds, and its jar is a plugin: with the Maven that builds Parley, and what that has downloaded. */
class PluginArchetypeIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path EXTENSIONS = HOME.resolve("broker-extensions");
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    private Path root;

    private final Path archetype = jar(EXTENSIONS.resolve("plugin-archetype"));
    private final String version =
            archetype.getFileName().toString().replaceAll("parley-plugin-archetype-(.*)\\.jar", "$1");

    PluginArchetypeIT() throws IOException {}

    @Test
    void a_new_project_builds_with_its_test_and_its_jar_is_a_plugin() throws Exception {
        settings();
        install("parley", HOME, Stream.empty());
        install("parley-plugin-archetype", EXTENSIONS.resolve("plugin-archetype"), Stream.of(archetype));
        install(
                "parley-plugin-api",
                EXTENSIONS.resolve("plugin-api"),
                Stream.of(jar(EXTENSIONS.resolve("plugin-api"))));

        maven(
                root,
                "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("archetype.version")
                        + ":generate",
                "-DarchetypeCatalog=internal",
                "-DarchetypeGroupId=io.parley",
                "-DarchetypeArtifactId=parley-plugin-archetype",
                "-DarchetypeVersion=" + version,
                "-DgroupId=com.example",
                "-Dpackage=com.example.shout",
                "-DartifactId=shout",
                "-DpluginClass=Shout");
        Path project = root.resolve("shout");
        maven(project, "package");
        assertThat(project.resolve("target/surefire-reports/com.example.shout.ShoutTest.txt"))
                .content()
                .contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");

        try (HostedFolder plugins = new HostedFolder(Files.createDirectory(root.resolve("host")), 10)) {
            Files.copy(project.resolve("target/shout.jar"), plugins.folder.resolve("shout.jar"));
            plugins.host.start();
            assertThat(plugins.status("shout.jar").reason()).isEmpty();
            assertThat(plugins.decide("!hello").getPassed().getText()).isEqualTo("HELLO");
            assertThat(plugins.decide("CAN ANYBODY HEAR ME OUT THERE?").getRefused())
                    .isEqualTo("do not shout");
        }
    }

    private static Path jar(Path module) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(module.resolve("target"), "parley-*.jar")) {
            return jars.iterator().next();
        }
    }

    /** Most of what is needed comes from the builder's repository; only what is missing there comes from where the builder's Maven gets it. */
    private void settings() throws IOException {
        Path downloaded = Path.of(System.getProperty("maven.repo.local", System.getProperty("builders.repository")));
        String repository = "<id>downloaded</id><url>%s</url>".formatted(downloaded.toUri());
        Files.writeString(root.resolve("settings.xml"), """
                <settings>
                  <profiles><profile>
                    <id>downloaded</id>
                    <repositories><repository>%1$s</repository></repositories>
                    <pluginRepositories><pluginRepository>%1$s</pluginRepository></pluginRepositories>
                  </profile></profiles>
                  <activeProfiles><activeProfile>downloaded</activeProfile></activeProfiles>
                </settings>
                """.formatted(repository));
    }

    /** As {@code mvn install} does. */
    private void install(String artifact, Path module, Stream<Path> jars) throws IOException {
        Path folder = Files.createDirectories(
                root.resolve("repository/io/parley").resolve(artifact).resolve(version));
        Files.copy(module.resolve("pom.xml"), folder.resolve(artifact + "-" + version + ".pom"));
        for (Path jar : jars.toList()) {
            Files.copy(jar, folder.resolve(jar.getFileName()));
        }
    }

    private void maven(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-gs",
                root.resolve("settings.xml").toString(),
                // Of this test's own, so that nobody's is changed.
                "-Dmaven.repo.local=" + root.resolve("repository")));
        command.addAll(List.of(arguments));
        Path output = root.resolve("maven.log");
        ProcessBuilder maven = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        maven.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        Process process = maven.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s", Files.readString(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as("%s", Files.readString(output)).isZero();
    }
}
