package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.DeviceSummary;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.RemoveDevice;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetPrivacy;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jline.utils.AttributedString;

/** What a line that the user typed makes happen. */
final class ChatCommands {
    private static final int PAGE = 20;
    private static final String HELP = """
            /list               your conversations, and how much in each is unread
            /open NUMBER|@USER  talk in one of them, or with somebody
            /history            earlier messages; again for still earlier ones
            /who                who is in the open conversation, and who is there
            /reply N TEXT       answer message N
            /react EMOJI [N]    react to message N or the last one; again takes it back
            /edit TEXT          other words for your last message
            /delete             delete your last message
            /new NAME USER...   found a group
            /add USER...        add members to the open group
            %s
            /devices            your devices; /remove DEVICE signs one out
            /privacy reads|presence on|off
                                whether others see what you have read, and that you are there
            /quit               leave
            Everything else is said in the open conversation.""".formatted(ChatSettings.HELP);

    private final ChatUser me;
    private final ChatRooms rooms;
    private final ChatMessages messages;
    private final ChatSettings settings;
    private final Consumer<AttributedString> screen;
    private int oldestShown;

    ChatCommands(ChatUser me, ChatRooms rooms, Consumer<AttributedString> screen) {
        this.me = me;
        this.rooms = rooms;
        this.messages = new ChatMessages(me, rooms);
        this.settings = new ChatSettings(me, rooms, Clock.systemUTC());
        this.screen = screen;
    }

    /**
     * Does what the line says.
     *
     * @throws IllegalArgumentException when it says nothing that can be done
     */
    void obey(String line) throws DeviceException {
        List<String> words = Arrays.asList(line.split("\\s+", -1));
        List<String> rest = words.subList(1, words.size());
        String text = line.substring(words.get(0).length()).strip();
        switch (words.get(0)) {
            case "/help" -> show(HELP);
            case "/list" -> list();
            case "/open" -> enter(rooms.find(text));
            case "/history" -> history();
            case "/who" -> who();
            case "/new" -> found(rest);
            case "/add" -> add(rest);
            case "/reply" -> messages.reply(text);
            case "/react" -> messages.react(rest);
            case "/edit" -> messages.edit(text);
            case "/delete" -> messages.delete();
            case "/devices" -> devices();
            case "/remove" -> remove(text);
            case "/privacy" -> privacy(rest);
            default -> {
                if (!line.startsWith("/")) {
                    messages.say(line);
                } else if (!settings.obey(words.get(0), text)) {
                    throw new IllegalArgumentException("no such command; /help lists them");
                }
            }
        }
    }

    /** Asks for the conversations again, and shows nothing. */
    List<ChatRoom> refresh() throws DeviceException {
        Reply reply = me.ask(Request.newBuilder().setListConversations(ListConversations.getDefaultInstance()));
        return rooms.take(reply.getConversationsList());
    }

    void list() throws DeviceException {
        List<ChatRoom> all = refresh();
        rooms.listed(all);
        if (all.isEmpty()) {
            show("No conversations yet: /open @USER starts one.");
        }
        for (int i = 0; i < all.size(); i++) {
            ChatRoom room = all.get(i);
            String unread = room.unread() > 0 ? "  (" + room.unread() + " unread)" : "";
            show("  " + (i + 1) + "  " + room.title() + unread + (room.muted() ? "  (muted)" : ""));
        }
    }

    private void enter(ChatRoom room) throws DeviceException {
        me.follow(room);
        rooms.open(room);
        oldestShown = 0;
        if (room.head() > 0) {
            history();
        }
    }

    private void history() throws DeviceException {
        ChatRoom room = rooms.current();
        HistoryRequest.Builder request =
                HistoryRequest.newBuilder().setConversation(room.id().value()).setLimit(PAGE);
        if (oldestShown > 0) {
            request.setBefore(oldestShown);
        }
        List<ChatEvent> page =
                me.ask(Request.newBuilder().setHistory(request)).getHistory().getMessagesList();
        if (page.isEmpty()) {
            show("(the beginning)");
            return;
        }
        oldestShown = page.get(0).getSeq();
        page.forEach(room::takeOld);
        page.forEach(event -> screen.accept(ChatScreen.line(event, room)));
        room.shown(page.get(page.size() - 1).getSeq());
    }

    private void who() {
        ChatRoom room = rooms.current();
        for (String user : room.others()) {
            String typing = room.typing().contains(user) ? ", types" : "";
            show("  " + user + "  " + ChatScreen.presence(room.presence(user)) + typing);
        }
    }

    private void found(List<String> words) throws DeviceException {
        if (words.size() < 2) {
            throw new IllegalArgumentException("/new NAME USER...");
        }
        CreateGroup.Builder group =
                CreateGroup.newBuilder().setName(words.get(0)).addAllMembers(words.subList(1, words.size()));
        Reply reply = me.ask(Request.newBuilder().setCreateGroup(group));
        enter(rooms.of(ConversationId.parse(reply.getConversation())));
    }

    private void add(List<String> users) throws DeviceException {
        if (users.isEmpty()) {
            throw new IllegalArgumentException("/add USER...");
        }
        AddMembers.Builder members = AddMembers.newBuilder()
                .setConversation(rooms.current().id().value())
                .addAllUsers(users);
        me.ask(Request.newBuilder().setAddMembers(members));
    }

    private void devices() throws DeviceException {
        Reply reply = me.ask(Request.newBuilder().setListDevices(ListDevices.getDefaultInstance()));
        for (DeviceSummary device : reply.getDevicesList()) {
            String when = device.getOnline()
                    ? "online"
                    : device.hasLastSeen() ? "last seen " + ChatScreen.time(device.getLastSeen()) : "offline";
            show("  " + device.getDevice() + "  " + when
                    + (device.getDevice().equals(me.id().name()) ? " (this one)" : ""));
        }
    }

    private void remove(String device) throws DeviceException {
        if (device.isEmpty()) {
            throw new IllegalArgumentException("/remove DEVICE; /devices shows them");
        }
        me.ask(Request.newBuilder().setRemoveDevice(RemoveDevice.newBuilder().setDevice(device)));
        show(device + " is signed out");
    }

    private void privacy(List<String> words) throws DeviceException {
        SetPrivacy.Builder privacy = SetPrivacy.newBuilder();
        switch (String.join(" ", words)) {
            case "reads on" -> privacy.setReadReceipts(true);
            case "reads off" -> privacy.setReadReceipts(false);
            case "presence on" -> privacy.setPresence(true);
            case "presence off" -> privacy.setPresence(false);
            default -> throw new IllegalArgumentException("/privacy reads|presence on|off");
        }
        me.ask(Request.newBuilder().setSetPrivacy(privacy));
        show(words.get(0) + " " + words.get(1));
    }

    private void show(String text) {
        screen.accept(new AttributedString(text));
    }
}
