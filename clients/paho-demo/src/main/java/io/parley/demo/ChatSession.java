package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** A chat in the terminal, as one user on one device: type to send, {@code /help} for the rest. */
final class ChatSession implements Ear {
    private static final int PAGE = 20;
    private static final String HELP = """
            /list               your conversations
            /open NUMBER|@USER  talk in one of them, or with somebody
            /history            earlier messages; again for still earlier ones
            /new NAME USER...   found a group
            /add USER...        add members to the open group
            /quit               leave
            Everything else is said in the open conversation.""";

    private final Person me;
    private final LineReader reader;
    private volatile List<ConversationSummary> conversations = List.of();
    private volatile @Nullable ConversationId open;
    private int oldestShown;

    private ChatSession(DemoTarget target, DeviceId device, LineReader reader) throws DeviceException {
        this.reader = reader;
        this.me = new Person(target, device, Device::v5, this);
    }

    /** Talks until the user quits. */
    static void run(DemoTarget target, DeviceId device) throws IOException, DeviceException {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
            ChatSession session = new ChatSession(target, device, reader);
            try (Person me = session.me) {
                me.connect(false);
                session.show("You are " + me.name() + ". /help tells what you can do.");
                session.list();
                session.talk();
            }
        }
    }

    private void talk() {
        while (true) {
            try {
                String line = reader.readLine(prompt()).strip();
                if (line.equals("/quit")) {
                    return;
                }
                if (!line.isEmpty()) {
                    obey(line);
                }
            } catch (DeviceException | IllegalArgumentException e) {
                show("! " + e.getMessage());
            } catch (UserInterruptException | EndOfFileException e) {
                return;
            }
        }
    }

    private String prompt() {
        ConversationId current = open;
        return current == null ? "> " : title(current) + "> ";
    }

    private void obey(String line) throws DeviceException {
        List<String> words = Arrays.asList(line.split("\\s+", -1));
        List<String> rest = words.subList(1, words.size());
        switch (words.get(0)) {
            case "/help" -> show(HELP);
            case "/list" -> list();
            case "/open" -> open(rest);
            case "/history" -> history();
            case "/new" -> found(rest);
            case "/add" -> add(rest);
            default -> {
                if (line.startsWith("/")) {
                    throw new IllegalArgumentException("no such command; /help lists them");
                }
                me.say(current().value(), line);
            }
        }
    }

    private ConversationId current() {
        ConversationId current = open;
        if (current == null) {
            throw new IllegalArgumentException("nothing is open: /open @USER or /open NUMBER");
        }
        return current;
    }

    private void list() throws DeviceException {
        conversations = me.ask(Request.newBuilder().setListConversations(ListConversations.getDefaultInstance()))
                .getConversationsList();
        if (conversations.isEmpty()) {
            show("No conversations yet: /open @USER starts one.");
        }
        for (int i = 0; i < conversations.size(); i++) {
            ConversationSummary one = conversations.get(i);
            String unread = one.getUnread() > 0 ? "  (" + one.getUnread() + " unread)" : "";
            show("  " + (i + 1) + "  " + title(ConversationId.parse(one.getId())) + unread);
        }
    }

    private void open(List<String> words) throws DeviceException {
        if (words.size() != 1) {
            throw new IllegalArgumentException("/open NUMBER or /open @USER");
        }
        String which = words.get(0);
        if (which.startsWith("@")) {
            enter(ConversationId.direct(UserId.parse(me.name()), UserId.parse(which.substring(1))));
        } else if (which.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(which);
            if (number < 1 || number > conversations.size()) {
                throw new IllegalArgumentException("no conversation " + which + "; /list shows them");
            }
            enter(ConversationId.parse(conversations.get(number - 1).getId()));
        } else {
            enter(ConversationId.parse(which));
        }
    }

    private void enter(ConversationId conversation) throws DeviceException {
        me.follow(conversation.value());
        open = conversation;
        oldestShown = 0;
        if (conversations.stream().anyMatch(one -> one.getId().equals(conversation.value()))) {
            history();
        }
    }

    private void history() throws DeviceException {
        HistoryRequest.Builder request =
                HistoryRequest.newBuilder().setConversation(current().value()).setLimit(PAGE);
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
        page.forEach(event -> show(ChatScreen.line(event)));
    }

    private void found(List<String> words) throws DeviceException {
        if (words.size() < 2) {
            throw new IllegalArgumentException("/new NAME USER...");
        }
        CreateGroup.Builder group =
                CreateGroup.newBuilder().setName(words.get(0)).addAllMembers(words.subList(1, words.size()));
        Reply reply = me.ask(Request.newBuilder().setCreateGroup(group));
        list();
        enter(ConversationId.parse(reply.getConversation()));
    }

    private void add(List<String> users) throws DeviceException {
        if (users.isEmpty()) {
            throw new IllegalArgumentException("/add USER...");
        }
        AddMembers.Builder members =
                AddMembers.newBuilder().setConversation(current().value()).addAllUsers(users);
        me.ask(Request.newBuilder().setAddMembers(members));
    }

    private String title(ConversationId conversation) {
        if (conversation.isDirect()) {
            String first = conversation.first().value();
            return "@" + (first.equals(me.name()) ? conversation.second().value() : first);
        }
        return conversations.stream()
                .filter(one -> one.getId().equals(conversation.value()))
                .map(one -> ChatScreen.plain(one.getName()))
                .findFirst()
                .orElse(conversation.value());
    }

    private void show(String text) {
        reader.printAbove(text);
    }

    @Override
    public void event(ConversationId conversation, ChatEvent event) {
        String line = ChatScreen.line(event);
        show(conversation.equals(open) ? line : "[" + title(conversation) + "] " + line);
    }

    @Override
    public void news(Reply news) {
        if (news.hasAdded()) {
            show("* " + news.getAdded().getBy() + " added you to "
                    + news.getAdded().getConversation() + " (/list)");
        } else if (news.hasRemoved()) {
            show("* you were removed from " + news.getRemoved().getConversation());
        } else if (news.hasError()) {
            show("! refused: " + ChatScreen.plain(news.getError().getMessage()));
        }
    }

    @Override
    public void lost(String reason) {
        show("! the connection is lost (" + reason + "): /quit and come back, nothing is lost");
    }
}
