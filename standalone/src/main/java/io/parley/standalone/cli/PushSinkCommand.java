package io.parley.standalone.cli;

import io.parley.standalone.Addresses;
import io.parley.standalone.PlatformException;
import io.parley.standalone.Port;
import io.parley.standalone.PushSink;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the counterparts on this machine accepted, or subscribes a browser there. */
@Command(
        name = "push-sink",
        mixinStandardHelpOptions = true,
        description = {
            "Follows what phones and browsers would show, on a platform started with ./parley up --push-sink. The last ten come first.",
            "",
            "An app registers with registerPush (docs/push-apps.md). Here, any token in hexadecimal is an iPhone, and any text an",
            "Android device. A browser needs a subscription: --subscribe.",
            ""
        })
final class PushSinkCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN_AT_FIRST = 10;

    @Mixin
    private DataOption data = new DataOption();

    @ArgGroup
    private Form form = new Form();

    /** How it is shown, or what else is to be done. */
    static final class Form {
        @Option(names = "--json", description = "One JSON object a line, as in DIR/push-sink.jsonl.")
        private boolean json;

        @Option(
                names = "--subscribe",
                description = {
                    "Print the subscription of a new browser instead: {\"endpoint\":…,\"p256dh\":…,\"auth\":…}, the webPush of",
                    "registerPush."
                })
        private boolean subscribe;
    }

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Path directory = data.directory();
        RunningPlatform platform = RunningPlatform.on(directory)
                .orElseThrow(() -> new PlatformException(
                        "nothing runs on " + directory + ": start it with ./parley up --push-sink --detach"));
        if (!platform.roles().contains(RoleName.PUSH_SINK)) {
            throw new PlatformException("the platform on " + directory
                    + " has no push sink: stop it with ./parley down, and start it with ./parley up --push-sink");
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        if (form.subscribe) {
            out.println(subscription(platform));
            return 0;
        }
        follow(platform, out);
        return 0;
    }

    private void follow(RunningPlatform platform, PrintStream out) throws IOException, InterruptedException {
        Path file = Path.of(String.valueOf(platform.environment().get(PushSink.FILE_VARIABLE)));
        LockScreen screen = new LockScreen(ZoneId.systemDefault());
        Consumer<String> show =
                form.json ? out::println : line -> screen.show(line).forEach(out::println);
        try (GrowingFile lines = GrowingFile.fromLast(file, SHOWN_AT_FIRST)) {
            lines.follow(show, () -> platform.runs() && !out.checkError());
        }
        if (!platform.runs()) {
            System.err.println("the platform has stopped");
        }
    }

    private static String subscription(RunningPlatform platform) throws PlatformException, InterruptedException {
        int port = platform.addresses().of(Port.PUSH_SINK_WEB_PUSH);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + Addresses.HOST + ":" + port + "/subscribe"))
                .POST(BodyPublishers.noBody())
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 201) {
                return answer.body();
            }
            throw new PlatformException("the push sink answered " + answer.statusCode());
        } catch (IOException e) {
            throw new PlatformException("the push sink does not answer (port " + port + "): see ./parley status");
        }
    }
}
