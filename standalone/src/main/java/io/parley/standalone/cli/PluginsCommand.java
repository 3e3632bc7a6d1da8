package io.parley.standalone.cli;

import com.google.gson.JsonObject;
import io.parley.runtime.Settings;
import io.parley.standalone.PlatformException;
import io.parley.standalone.PluginService;
import io.parley.standalone.PluginsFolder;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists plugins, and enables and disables them. */
@Command(
        name = "plugins",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the plugins in DIR/plugins (or PARLEY_PLUGINS), or enables or disables one. What is disabled stays so after a restart.",
            "How to write one: docs/plugins.md."
        })
final class PluginsCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    /** What can be done. */
    enum Action {
        LIST,
        ENABLE,
        DISABLE
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            description = "list (the default), enable or disable.")
    private Action action = Action.LIST;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The plugin.")
    private String id = "";

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Path directory = data.directory();
        Optional<RunningPlatform> running = RunningPlatform.on(directory)
                .filter(platform -> platform.roles().contains(RoleName.PLUGINS));
        Path folder = running.map(platform -> platform.environment().get(PluginsFolder.VARIABLE))
                .map(Path::of)
                .orElseGet(() -> PluginsFolder.of(Settings.load(), directory));
        Optional<PluginService> service = running.map(platform -> new PluginService(platform.addresses()));
        if (action == Action.LIST) {
            list(service, folder);
            return 0;
        }
        if (id.isEmpty()) {
            throw new PlatformException("name the plugin: ./parley plugins list shows them");
        }
        boolean enable = action == Action.ENABLE;
        if (service.isPresent()) {
            print(List.of(service.get().set(id, enable)));
        } else {
            PluginsFolder.set(folder, id, enable);
            System.out.println(
                    id + " is " + (enable ? "enabled" : "disabled")
                            + "; there is no plugin service on this data directory now, ./parley up starts it with the platform");
        }
        return 0;
    }

    private static void list(Optional<PluginService> service, Path folder)
            throws IOException, PlatformException, InterruptedException {
        System.out.println("plugins in " + folder);
        if (service.isPresent()) {
            print(service.get().list());
            return;
        }
        PluginsFolder.describe(folder).forEach(line -> System.out.println("  " + line));
        System.out.println(
                "there is no plugin service on this data directory now: ./parley up starts it where there is a plugin");
    }

    private static void print(List<JsonObject> plugins) {
        for (JsonObject one : plugins) {
            String id = text(one, "id");
            System.out.printf(
                    "  %-24s %-10s %-9s %s%n",
                    id.isEmpty() ? text(one, "file") : id,
                    text(one, "version"),
                    text(one, "state"),
                    text(one, "reason"));
            if (one.get("authenticator").getAsBoolean()) {
                System.out.printf("  %-24s checks tokens%n", "");
            }
            one.getAsJsonArray("pushes")
                    .forEach(name -> System.out.printf("  %-24s push system %s%n", "", name.getAsString()));
            one.getAsJsonArray("subscriptions").forEach(each -> {
                JsonObject subscription = each.getAsJsonObject();
                System.out.printf(
                        "  %-24s subscription %s: %s, %d ms behind%n",
                        "",
                        text(subscription, "name"),
                        subscription.get("reading").getAsBoolean() ? "reads" : "does not read yet",
                        subscription.get("lagMillis").getAsLong());
            });
            JsonObject figures = one.getAsJsonObject("figures");
            if (!figures.isEmpty()) {
                System.out.printf("  %-24s %s%n", "", figures);
            }
        }
    }

    private static String text(JsonObject from, String name) {
        return from.get(name).getAsString();
    }
}
