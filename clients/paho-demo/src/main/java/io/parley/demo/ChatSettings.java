package io.parley.demo;

import com.google.protobuf.util.Timestamps;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Mute;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.PinMessage;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Rename;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetReadReceipts;
import io.parley.protocol.wire.SetRetention;
import io.parley.protocol.wire.Unblock;
import io.parley.protocol.wire.Unmute;
import io.parley.protocol.wire.UnpinMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The lines that change how the open conversation is, who is in it, or who may talk to the user. */
final class ChatSettings {
    static final String HELP = """
            /rename NAME        another name for the open group
            /kick USER          remove a member; /leave: yourself
            /keep DAYS|forever|delivered
                                how long messages are kept here
            /pin N              pin message #N; /unpin N
            /receipts on|off    whether members here see what others have read
            /mute [HOURS]       no notifications of the open conversation; /unmute
            /block USER         neither writes to the other; /unblock USER""";

    private static final int MOST_HOURS = 99_999;

    private final ChatUser me;
    private final ChatRooms rooms;
    private final Clock clock;

    ChatSettings(ChatUser me, ChatRooms rooms, Clock clock) {
        this.me = me;
        this.rooms = rooms;
        this.clock = clock;
    }

    /** The request that a line stands for; empty when it is none of these. Throws IllegalArgumentException when it is one without sense. */
    private Optional<Request.Builder> request(String command, String text) {
        Request.Builder request = Request.newBuilder();
        switch (command) {
            case "/rename" ->
                request.setRename(Rename.newBuilder().setConversation(room()).setName(given(command, "NAME", text)));
            case "/kick" ->
                request.setRemoveMembers(
                        RemoveMembers.newBuilder().setConversation(room()).addUsers(given(command, "USER", text)));
            case "/leave" -> request.setLeave(Leave.newBuilder().setConversation(room()));
            case "/keep" -> request.setSetRetention(retention(text));
            case "/pin" ->
                request.setPinMessage(
                        PinMessage.newBuilder().setConversation(room()).setSeq(ChatMessages.seq(text)));
            case "/unpin" ->
                request.setUnpinMessage(
                        UnpinMessage.newBuilder().setConversation(room()).setSeq(ChatMessages.seq(text)));
            case "/receipts" ->
                request.setSetReadReceipts(
                        SetReadReceipts.newBuilder().setConversation(room()).setOn(isOn(text)));
            case "/mute" -> request.setMute(mute(text));
            case "/unmute" -> request.setUnmute(Unmute.newBuilder().setConversation(room()));
            case "/block" -> request.setBlock(Block.newBuilder().setUser(given(command, "USER", text)));
            case "/unblock" -> request.setUnblock(Unblock.newBuilder().setUser(given(command, "USER", text)));
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(request);
    }

    /** Does what the line says; false when it is none of these. */
    boolean obey(String command, String text) throws DeviceException {
        Optional<Request.Builder> request = request(command, text);
        if (request.isPresent()) {
            me.ask(request.get());
        }
        return request.isPresent();
    }

    private Mute.Builder mute(String hours) {
        Mute.Builder mute = Mute.newBuilder().setConversation(room());
        if (hours.isEmpty()) {
            return mute;
        }
        if (!hours.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException("/mute [HOURS], 1 to " + MOST_HOURS);
        }
        return mute.setUntil(Timestamps.fromMillis(
                clock.millis() + Duration.ofHours(Long.parseLong(hours)).toMillis()));
    }

    private String room() {
        return rooms.current().id().value();
    }

    private static String given(String command, String what, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(command + " " + what);
        }
        return text;
    }

    private static boolean isOn(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("/receipts on|off");
        };
    }

    private SetRetention.Builder retention(String text) {
        SetRetention.Builder retention = SetRetention.newBuilder().setConversation(room());
        switch (text) {
            case "forever" -> retention.setForever(Nothing.getDefaultInstance());
            case "delivered" -> retention.setUntilDelivered(Nothing.getDefaultInstance());
            default -> {
                if (!text.matches("[0-9]{1,5}")) {
                    throw new IllegalArgumentException("/keep DAYS|forever|delivered");
                }
                retention.setDays(Integer.parseInt(text));
            }
        }
        return retention;
    }
}
