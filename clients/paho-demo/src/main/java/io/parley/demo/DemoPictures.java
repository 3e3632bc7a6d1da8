package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.AttachmentInfo;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/** The part of the tour about attachments, and where the page is: what goes by HTTP. */
final class DemoPictures {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ATTACHMENTS = "/v1/attachments";
    private static final String PNG = "image/png";
    private static final int WIDTH = 320;
    private static final int HEIGHT = 200;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int FORBIDDEN = 403;

    private final HttpClient http = HttpCalls.client();
    private final DemoTarget target;
    private final Checklist list;
    private final Person alice;
    private final Person bob;

    DemoPictures(DemoTarget target, Checklist list, Person alice, Person bob) {
        this.target = target;
        this.list = list;
        this.alice = alice;
        this.bob = bob;
    }

    void play(ConversationId pair) throws DeviceException {
        list.heading("A picture: its bytes go by HTTP");
        byte[] picture = picture();
        AttachmentInfo uploaded = upload(picture);
        list.check(
                uploaded.getContentType().equals(PNG) && uploaded.getSize() == picture.length,
                "alice has uploaded a PNG of " + picture.length + " bytes");
        String id = UUID.randomUUID().toString();
        alice.publish(
                "@bob",
                Publication.newBuilder()
                        .setId(id)
                        .setText("The sky over the allotments")
                        .addAttachments(Attachment.newBuilder().setId(uploaded.getId())));
        ChatEvent shown = bob.hear(pair, id);
        list.said("alice", "bob", shown.getSeq(), shown.getText() + "  [picture]");
        list.check(
                shown.getAttachmentsCount() == 1
                        && shown.getAttachments(0).getSize() == picture.length
                        && shown.getAttachments(0).getContentType().equals(PNG),
                "bob's message names the picture, its type and its size");
        HttpResponse<byte[]> fetched = fetch(bob.id().user(), uploaded.getId());
        list.check(
                fetched.statusCode() == OK && Arrays.equals(fetched.body(), picture), "bob fetches it: the same bytes");
        list.check(
                fetch(UserId.parse("mallory"), uploaded.getId()).statusCode() == FORBIDDEN,
                "mallory, who is shown it by nobody, may not");
    }

    /** Says where the page is, if there is one. */
    void tellOfThePage() throws DeviceException {
        HttpCalls calls = new HttpCalls(http, target, alice.id().user());
        HttpResponse<byte[]> page = answer(() -> calls.get("/", PATIENCE));
        boolean isPage = page.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("text/html"))
                .isPresent();
        if (page.statusCode() == OK && isPage) {
            String configuration = new String(
                    answer(() -> calls.get("/v1/configuration", PATIENCE)).body(), StandardCharsets.UTF_8);
            list.heading("In the browser");
            list.note("while the platform is up (./parley up): " + target.http().resolve("/"));
            list.note(
                    configuration.contains("\"developmentTokens\":true")
                            ? "sign in as alice or bob: the name is enough"
                            : "sign in with a token: ./parley token alice");
        }
    }

    private AttachmentInfo upload(byte[] picture) throws DeviceException {
        HttpCalls calls = new HttpCalls(http, target, alice.id().user());
        HttpResponse<byte[]> answer = answer(() -> calls.post(ATTACHMENTS, PNG, picture));
        if (answer.statusCode() != CREATED) {
            throw new DeviceException(
                    "the upload was answered with " + answer.statusCode() + " "
                            + new String(answer.body(), StandardCharsets.UTF_8),
                    answer.statusCode());
        }
        AttachmentInfo.Builder info = AttachmentInfo.newBuilder();
        try {
            WireFormat.JSON.decode(answer.body(), info);
        } catch (MalformedPayload e) {
            throw new DeviceException("the answer to the upload cannot be read", e);
        }
        return info.build();
    }

    private HttpResponse<byte[]> fetch(UserId user, String attachment) throws DeviceException {
        HttpCalls calls = new HttpCalls(http, target, user);
        return answer(() -> calls.get(ATTACHMENTS + "/" + attachment, PATIENCE));
    }

    /** Calls, and again while the service says that it is worth it. */
    private static HttpResponse<byte[]> answer(Supplier<CompletableFuture<HttpResponse<byte[]>>> call)
            throws DeviceException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                HttpResponse<byte[]> answer = call.get().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                OptionalLong again = HttpCalls.againMillis(answer);
                if (again.isEmpty() || System.nanoTime() > deadlineNanos) {
                    return answer;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(again.getAsLong()));
            } catch (ExecutionException | TimeoutException e) {
                throw new DeviceException("a call to the history service failed: " + e, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DeviceException("interrupted", e);
            }
        }
    }

    /** A sky, as a PNG. */
    private static byte[] picture() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, new Color(90 + y / 2, 140 + y / 2, 220 + x / 10).getRGB());
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written but memory", e);
        }
        return png.toByteArray();
    }
}
