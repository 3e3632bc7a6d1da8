package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Apart;
import io.parley.protocol.log.Signal;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Typing;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Who sees what of a signal. */
class SignalFramesTest {
    private static final ConversationId CHAT = ConversationId.parse("ann~ben");
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final UserId CID = UserId.parse("cid");
    private static final Apart APART =
            Apart.newBuilder().setUser("ann").addFrom("ben").build();

    @Test
    void who_shows_no_reads_shows_what_was_delivered_and_sees_only_their_own_reads() {
        SignalFrames frames = receipts("ben");
        assertThat(json(frames, ANN))
                .isEqualTo(
                        "{\"receipts\":[{\"user\":\"ann\",\"delivered\":4,\"read\":3},{\"user\":\"ben\",\"delivered\":4}]}");
        assertThat(json(frames, BEN))
                .isEqualTo(
                        "{\"receipts\":[{\"user\":\"ann\",\"delivered\":4},{\"user\":\"ben\",\"delivered\":4,\"read\":2}]}");
    }

    @Test
    void while_read_receipts_are_off_everybody_sees_what_was_delivered_and_only_their_own_reads() {
        SignalFrames frames =
                new SignalFrames(CHAT, pointers().setReadReceiptsOff(true).build());
        assertThat(json(frames, ANN))
                .isEqualTo(
                        "{\"receipts\":[{\"user\":\"ann\",\"delivered\":4,\"read\":3},{\"user\":\"ben\",\"delivered\":4}]}");
        assertThat(json(frames, BEN))
                .isEqualTo(
                        "{\"receipts\":[{\"user\":\"ann\",\"delivered\":4},{\"user\":\"ben\",\"delivered\":4,\"read\":2}]}");
        String others = "{\"receipts\":[{\"user\":\"ann\",\"delivered\":4},{\"user\":\"ben\",\"delivered\":4}]}";
        assertThat(json(frames, CID)).isEqualTo(others);
    }

    @Test
    void where_nobody_hides_all_get_the_same_bytes() {
        SignalFrames frames = receipts();
        assertThat(frames.of(ANN).orElseThrow().payload(WireFormat.PROTO))
                .isSameAs(frames.of(BEN).orElseThrow().payload(WireFormat.PROTO));
    }

    @Test
    void nobody_is_told_of_their_own_typing() {
        SignalFrames frames = new SignalFrames(
                CHAT,
                Signal.newBuilder()
                        .setTyping(Typing.newBuilder().setUser("ann").setTyping(true))
                        .build());
        assertThat(frames.of(ANN)).isEmpty();
        assertThat(json(frames, BEN)).isEqualTo("{\"user\":\"ann\",\"typing\":true}");
        assertThat(json(frames.ended(), BEN)).isEqualTo("{\"user\":\"ann\",\"typing\":false}");
    }

    @Test
    void who_is_apart_is_never_there_and_never_types_for_each_other_and_for_nobody_else() {
        SignalFrames presence = new SignalFrames(
                CHAT,
                Signal.newBuilder()
                        .setPresence(Presences.newBuilder()
                                .addPresence(
                                        Presence.newBuilder().setUser("ann").setOnline(true))
                                .addPresence(
                                        Presence.newBuilder().setUser("cid").setOnline(true)))
                        .addApart(APART)
                        .build());
        assertThat(json(presence, BEN))
                .isEqualTo("{\"presence\":[{\"user\":\"ann\",\"online\":false},{\"user\":\"cid\",\"online\":true}]}");
        assertThat(json(presence, CID))
                .isEqualTo("{\"presence\":[{\"user\":\"ann\",\"online\":true},{\"user\":\"cid\",\"online\":true}]}");

        SignalFrames typing = new SignalFrames(
                CHAT,
                Signal.newBuilder()
                        .setTyping(Typing.newBuilder().setUser("ann").setTyping(true))
                        .addApart(APART)
                        .build());
        assertThat(typing.of(BEN)).isEmpty();
        assertThat(typing.ended().of(BEN)).isEmpty();
        assertThat(typing.of(CID)).isPresent();
        assertThat(typing.ended().of(CID)).isPresent();
    }

    @Test
    void who_is_apart_sees_what_they_received_and_read_themselves_and_nothing_of_the_other() {
        SignalFrames frames = new SignalFrames(
                CHAT, pointers().setReadReceiptsOff(true).addApart(APART).build());
        assertThat(json(frames, BEN)).isEqualTo("{\"receipts\":[{\"user\":\"ben\",\"delivered\":4,\"read\":2}]}");

        Signal.Builder anns = Signal.newBuilder().addApart(APART);
        anns.getReceiptsBuilder()
                .addReceipts(Receipt.newBuilder().setUser("ann").setDelivered(5));
        assertThat(new SignalFrames(CHAT, anns.build()).of(BEN)).isEmpty();
        assertThat(new SignalFrames(CHAT, anns.build()).of(ANN)).isPresent();
    }

    private static SignalFrames receipts(String... withoutReads) {
        Signal.Builder signal = pointers();
        for (String user : withoutReads) {
            signal.addWithoutReads(user);
        }
        return new SignalFrames(CHAT, signal.build());
    }

    private static Signal.Builder pointers() {
        return Signal.newBuilder()
                .setReceipts(Receipts.newBuilder()
                        .addReceipts(Receipt.newBuilder()
                                .setUser("ann")
                                .setDelivered(4)
                                .setRead(3))
                        .addReceipts(Receipt.newBuilder()
                                .setUser("ben")
                                .setDelivered(4)
                                .setRead(2)));
    }

    private static String json(SignalFrames frames, UserId reader) {
        return new String(frames.of(reader).orElseThrow().payload(WireFormat.JSON), StandardCharsets.UTF_8);
    }
}
