package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.AttachmentInfo;
import io.parley.protocol.wire.BeginUpload;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.DownloadAttachment;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.FinishUpload;
import io.parley.protocol.wire.GetUpload;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.UploadChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Attachments from the sender's device to the receiver's, and their end. */
@WithPlatform
class AttachmentsIT extends ConversationChecks {
    private static final UserId ANN = UserId.parse("media-ann");
    private static final UserId BEN = UserId.parse("media-ben");
    private static final UserId EVE = UserId.parse("media-eve");
    private static final int CHUNK = 96 * 1024;

    private final HttpMedia media;

    AttachmentsIT(Platform platform) {
        super(platform);
        this.media = new HttpMedia(platform);
    }

    @Test
    void an_attachment_is_received_forwarded_and_gone_with_its_last_message() throws Exception {
        byte[] bytes = bytes(300_000);
        ConversationId pair = ConversationId.direct(ANN, BEN);
        try (HiveDevice ann = device(ANN, "phone", pair);
                HiveDevice ben = device(BEN, "phone", pair);
                HiveDevice eve = HiveDevice.connect(platform(), EVE + "/phone")) {
            String id = media.upload(ANN, bytes, "application/octet-stream", "a.bin");

            ann.send(
                    pair,
                    Publication.newBuilder()
                            .setId("m1")
                            .addAttachments(named(id))
                            .build());
            awaitEvents(ben, 1);
            assertThat(media.get(BEN, id).body()).as("at once").isEqualTo(bytes);
            Attachment told = ben.events().get(0).getAttachments(0);
            assertThat(told.getContentType()).isEqualTo("application/octet-stream");
            assertThat(told.getName()).isEqualTo("a.bin");
            assertThat(told.getSize()).isEqualTo(bytes.length);
            assertThat(media.get(EVE, id).statusCode()).isEqualTo(403);

            ConversationId withEve = ConversationId.direct(BEN, EVE);
            assertThatThrownBy(() -> eve.send(
                            withEve,
                            Publication.newBuilder()
                                    .setId("m2")
                                    .addAttachments(named(id))
                                    .build()))
                    .as("she may not see it")
                    .hasCauseInstanceOf(Mqtt5PubAckException.class);
            ben.send(
                    withEve,
                    Publication.newBuilder()
                            .setId("m3")
                            .addAttachments(named(id))
                            .build());
            assertThat(media.get(EVE, id).statusCode()).isEqualTo(200);

            ann.send(pair, deletion("m4"));
            awaitEvents(ben, 2);
            ben.send(withEve, deletion("m5"));
            await().atMost(LIMIT).until(() -> media.get(BEN, id).statusCode() == 404);
            await().atMost(LIMIT).until(() -> blobs(id) == 0);
            // The fence: another one, later, is there.
            String later = media.upload(ANN, bytes, "application/octet-stream", "b.bin");
            ann.send(
                    pair,
                    Publication.newBuilder()
                            .setId("m6")
                            .addAttachments(named(later))
                            .build());
            assertThat(media.get(BEN, later).statusCode()).isEqualTo(200);
            assertThat(blobs(later)).isEqualTo(1);
        }
    }

    @Test
    void a_device_without_http_uploads_and_downloads_in_chunks() throws Exception {
        byte[] bytes = bytes(250_000);
        ConversationId pair = ConversationId.direct(ANN, EVE);
        try (HiveDevice ann = HiveDevice.connect(platform(), ANN + "/thing");
                HiveDevice eve = HiveDevice.connect(platform(), EVE + "/thing")) {
            String id = ann.ask(named(Request.newBuilder()
                            .setBeginUpload(BeginUpload.newBuilder()
                                    .setName("c.bin")
                                    .setContentType("application/octet-stream")
                                    .setSize(bytes.length))))
                    .getUpload()
                    .getId();
            assertThat(append(ann, id, bytes, 0).getUpload().getOffset()).isEqualTo(CHUNK);
            Reply again = append(ann, id, bytes, 0);
            assertThat(again.getError().getCode()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(again.getUpload().getOffset()).isEqualTo(CHUNK);
            int offset = ann.ask(named(Request.newBuilder()
                            .setGetUpload(GetUpload.newBuilder().setId(id))))
                    .getUpload()
                    .getOffset();
            while (offset < bytes.length) {
                offset = append(ann, id, bytes, offset).getUpload().getOffset();
            }
            AttachmentInfo finished = ann.ask(named(Request.newBuilder()
                            .setFinishUpload(FinishUpload.newBuilder().setId(id))))
                    .getAttachment();
            assertThat(finished.getSize()).isEqualTo(bytes.length);
            assertThat(download(eve, id, 0).getError().getCode()).isEqualTo(ErrorCode.NOT_ALLOWED);

            ann.send(
                    pair,
                    Publication.newBuilder()
                            .setId("c1")
                            .addAttachments(named(id))
                            .build());

            ByteArrayOutputStream received = new ByteArrayOutputStream();
            while (received.size() < bytes.length) {
                Reply chunk = download(eve, id, received.size());
                assertThat(chunk.getChunk().getSize()).isEqualTo(bytes.length);
                received.writeBytes(chunk.getChunk().getBytes().toByteArray());
            }
            assertThat(received.toByteArray()).isEqualTo(bytes);
        }
    }

    private static Reply append(HiveDevice device, String id, byte[] bytes, int offset) throws Exception {
        int end = Math.min(bytes.length, offset + CHUNK);
        return device.ask(named(Request.newBuilder()
                .setUploadChunk(UploadChunk.newBuilder()
                        .setId(id)
                        .setOffset(offset)
                        .setBytes(ByteString.copyFrom(Arrays.copyOfRange(bytes, offset, end))))));
    }

    private static Reply download(HiveDevice device, String id, int offset) throws Exception {
        return device.ask(named(Request.newBuilder()
                .setDownloadAttachment(DownloadAttachment.newBuilder().setId(id).setOffset(offset))));
    }

    private static Attachment named(String id) {
        return Attachment.newBuilder().setId(id).build();
    }

    private static Publication deletion(String id) {
        return Publication.newBuilder()
                .setId(id)
                .setDelete(Delete.newBuilder().setSeq(1))
                .build();
    }

    private long blobs(String id) throws IOException {
        try (Stream<Path> all = Files.walk(platform().data().resolve("media"))) {
            return all.filter(file -> file.getFileName().toString().startsWith(id))
                    .count();
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        bytes[0] = (byte) 0xF0;
        return bytes;
    }
}
