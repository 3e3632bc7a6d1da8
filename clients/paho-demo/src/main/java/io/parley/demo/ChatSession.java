package io.parley.demo;

import io.parley.client.ChatHandler;
import io.parley.client.Disconnection;
import io.parley.client.ParleyClient;
import io.parley.client.ParleyException;
import io.parley.client.TokenSource;
import io.parley.client.Unsent;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/** A chat in the terminal, as one user on one device: type to send, {@code /help} for the rest. */
final class ChatSession implements ChatHandler {
    private static final long TICK_MILLIS = 500;

    private final ParleyClient client;
    private final ChatRooms rooms;
    private final ChatCommands commands;
    private final LineReader reader;
    private final StatusBar bar;
    private final TypingKeys keys;
    private final ConnectionLine connection = new ConnectionLine(System::nanoTime);
    private volatile boolean unlisted;
    private volatile boolean greeted;

    private ChatSession(DemoTarget target, DeviceId device, Terminal terminal) {
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                // What was typed comes back as a message, with its tick.
                .option(LineReader.Option.ERASE_LINE_ON_FINISH, true)
                .build();
        this.rooms = new ChatRooms(device.user().value());
        var described = ParleyClient.builder(
                device, TokenSource.of(() -> target.tokens().apply(device.user())));
        target.mqttNodes().forEach(described::server);
        this.client = described.build(this);
        this.commands = new ChatCommands(new ChatUser(client), rooms, reader::printAbove);
        this.bar = new StatusBar(terminal, reader);
        this.keys = new TypingKeys(reader, this::tellTyping);
    }

    /** Talks until the user quits. */
    static void run(DemoTarget target, DeviceId device) throws IOException, DeviceException {
        ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "chat-ticker");
            thread.setDaemon(true);
            return thread;
        });
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            ChatSession session = new ChatSession(target, device, terminal);
            try (ParleyClient me = session.client) {
                session.connect(target.mqtt());
                session.bar.open(session.status());
                session.show("You are " + me.id().user() + ". /help tells what you can do.");
                session.greeted = true;
                session.commands.list();
                var unused =
                        ticker.scheduleWithFixedDelay(session::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
                session.talk();
                session.bar.hide();
            }
        } finally {
            ticker.shutdownNow();
        }
    }

    private void connect(URI node) throws IOException, DeviceException {
        try {
            ChatUser.await(client.connect(), "a connection");
        } catch (DeviceException e) {
            String reason = connection.reason().orElse(String.valueOf(e.getMessage()));
            throw new DeviceException(client.id() + " cannot connect to " + node + ": " + reason, e);
        }
    }

    private void talk() {
        String typed = "";
        boolean warned = false;
        while (true) {
            String line = "";
            try {
                line = reader.readLine(prompt(), null, (Character) null, typed).strip();
                typed = "";
                keys.ended();
                if (line.equals("/quit")) {
                    if (warned || client.unsent() == 0) {
                        return;
                    }
                    warned = true;
                    show("! " + client.unsent() + " not sent yet; /quit again drops them");
                } else if (!line.isEmpty()) {
                    commands.obey(line);
                }
            } catch (DeviceException e) {
                show("! " + e.getMessage());
                // What needs an answer cannot be done offline: it stands there for the next try.
                typed = client.isOnline() ? "" : line;
            } catch (IllegalArgumentException e) {
                show("! " + e.getMessage());
            } catch (UserInterruptException | EndOfFileException e) {
                return;
            }
        }
    }

    private String prompt() {
        ChatRoom current = rooms.open();
        return current == null ? "> " : current.title() + "> ";
    }

    private void tellTyping(boolean typing) {
        ChatRoom current = rooms.open();
        if (current != null) {
            client.conversation(current.id()).typing(typing);
        }
    }

    /** What is better done in a while than for each message. */
    private void tick() {
        if (!client.isOnline()) {
            drawStatus();
            return;
        }
        ChatRoom current = rooms.open();
        int read = current == null ? 0 : current.toRead();
        if (current != null && read > 0) {
            client.conversation(current.id()).read(read);
            current.told(read);
        }
        if (unlisted) {
            unlisted = false;
            try {
                commands.refresh();
            } catch (DeviceException e) {
                // The user can ask for the list.
            }
        }
        drawStatus();
    }

    private void drawStatus() {
        bar.show(status());
    }

    private AttributedString status() {
        String offline = connection.describe();
        String waiting = client.unsent() > 0 ? " · " + client.unsent() + " not sent yet" : "";
        if (!offline.isEmpty()) {
            return new AttributedString(" " + offline + waiting);
        }
        return waiting.isEmpty()
                ? room()
                : AttributedString.join(AttributedString.EMPTY, room(), new AttributedString(waiting));
    }

    private AttributedString room() {
        ChatRoom current = rooms.open();
        int unread = rooms.unread();
        return current == null
                ? new AttributedString(" nothing is open" + (unread > 0 ? " · " + unread + " unread" : ""))
                : ChatScreen.status(current, unread);
    }

    private void show(String text) {
        reader.printAbove(text);
    }

    @Override
    public CompletableFuture<Void> event(ConversationId conversation, ChatEvent event) {
        ChatRoom room = rooms.of(conversation);
        room.take(event);
        AttributedString line = ChatScreen.line(event, room);
        if (room.equals(rooms.open())) {
            if (!room.isShown(event.getSeq())) {
                reader.printAbove(line);
            }
            room.shown(event.getSeq());
        } else {
            reader.printAbove(AttributedString.join(
                    AttributedString.EMPTY, new AttributedString("[" + room.title() + "] "), line));
        }
        drawStatus();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void receipts(ConversationId conversation, Receipts receipts) {
        ChatRoom room = rooms.of(conversation);
        for (String news : room.take(receipts.getReceiptsList())) {
            if (room.equals(rooms.open())) {
                reader.printAbove(AttributedString.join(
                        AttributedString.EMPTY, new AttributedString("  "), ChatScreen.tick(news)));
            }
        }
        drawStatus();
    }

    @Override
    public void presences(ConversationId conversation, Presences presences) {
        rooms.of(conversation).takePresences(presences.getPresenceList());
        drawStatus();
    }

    @Override
    public void typing(ConversationId conversation, Typing typing) {
        rooms.of(conversation).take(typing);
        drawStatus();
    }

    @Override
    public void news(Reply news) {
        if (news.hasAdded()) {
            unlisted = true;
            show("* " + news.getAdded().getBy() + " added you to a group (/list)");
        } else if (news.hasRemoved()) {
            ConversationId conversation = ConversationId.parse(news.getRemoved().getConversation());
            show("* you were removed from " + rooms.of(conversation).title());
            rooms.forget(conversation);
        } else if (news.hasError()) {
            show("! refused: " + ChatScreen.plain(news.getError().getMessage()));
        }
    }

    @Override
    public void refused(Unsent unsent, ParleyException why) {
        show("! refused: " + ChatScreen.plain(String.valueOf(why.getMessage())));
    }

    @Override
    public void connected(boolean resumed) {
        connection.connected();
        if (greeted) {
            unlisted = true;
            show("* connected again");
        }
    }

    @Override
    public void disconnected(Disconnection disconnection) {
        rooms.lost();
        connection.disconnected(disconnection);
        drawStatus();
    }
}
