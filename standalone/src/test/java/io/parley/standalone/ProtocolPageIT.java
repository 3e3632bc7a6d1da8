package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.standalone.libraries.NodeModules;
import io.parley.standalone.pages.AsyncApi;
import io.parley.standalone.pages.PlayedPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the protocol's pages, on a real platform. {@code invitations.md} needs another one: {@link HostileAccountIT} plays it. */
@WithPlatform
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProtocolPageIT {
    private final Platform platform;

    ProtocolPageIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void the_description_for_programs_is_what_such_descriptions_are(@TempDir Path folder) throws Exception {
        Path specs = NodeModules.installed(Path.of("src", "test", "clients", "asyncapi"));
        Path schema = specs.resolve("node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json");
        Path file = Installation.find().home().resolve("docs/asyncapi.yaml");

        assertThat(AsyncApi.read(file).faults(schema)).isEmpty();

        Path broken = folder.resolve("broken.yaml");
        Files.writeString(broken, Files.readString(file).replace("action: receive", "action: wait"));
        assertThat(AsyncApi.read(broken).faults(schema)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol.md", "protocol/messages.md", "protocol/requests.md"})
    void the_page_is_played(String page) throws Exception {
        Path docs = Installation.find().home().resolve("docs");
        String suffix = "-" + page.replaceAll(".*/|\\.md", "");
        try (PagePlayer player = new PagePlayer(platform, suffix)) {
            player.play(PlayedPage.read(docs.resolve(page)));
        }
    }
}
