package io.parley.demo;

import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Rename;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetReadReceipts;
import io.parley.protocol.wire.SetRetention;
import io.parley.protocol.wire.Unblock;
import java.util.Optional;

/** The lines that change how the open conversation is, who is in it, or who may talk to the user. */
final class ChatSettings {
    static final String HELP = """
            /rename NAME        another name for the open group
            /kick USER          remove a member; /leave: yourself
            /keep DAYS|forever|delivered
                                how long messages are kept here
            /receipts on|off    whether members here see what others have read
            /block USER         neither writes to the other; /unblock USER""";

    private final Person me;
    private final ChatRooms rooms;

    ChatSettings(Person me, ChatRooms rooms) {
        this.me = me;
        this.rooms = rooms;
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
            case "/receipts" ->
                request.setSetReadReceipts(
                        SetReadReceipts.newBuilder().setConversation(room()).setOn(isOn(text)));
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
