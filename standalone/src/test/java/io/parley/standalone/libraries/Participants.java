package io.parley.standalone.libraries;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.Login;
import io.parley.standalone.Packet;
import io.parley.standalone.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Makes the participants: all in one group, and each writes to the next one alone, too. */
final class Participants {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

    private final Platform platform;
    private final Path folder;
    private final ConversationId group;
    private final List<Library> libraries;

    /** @param folder where the journals go */
    Participants(Platform platform, Path folder, ConversationId group, List<Library> libraries) {
        this.platform = platform;
        this.folder = folder;
        this.group = group;
        this.libraries = List.copyOf(libraries);
    }

    static UserId userOf(Library library) {
        return UserId.parse("user-" + library.title());
    }

    /** Connects them all; returns when each is subscribed. */
    List<Participant> connect() throws Exception {
        List<Participant> all = new ArrayList<>();
        for (int i = 0; i < libraries.size(); i++) {
            all.add(connect(i));
        }
        for (Participant participant : all) {
            Awaitility.await(participant.library() + " is subscribed")
                    .atMost(LIMIT)
                    .until(() -> participant.link().count(seen -> seen.packet().type() == Packet.SUBACK) > 0);
        }
        return all;
    }

    private Participant connect(int index) throws Exception {
        Library library = libraries.get(index);
        UserId user = userOf(library);
        UserId next = neighbour(index + 1);
        List<ConversationId> conversations =
                List.of(group, ConversationId.direct(user, next), ConversationId.direct(neighbour(index - 1), user));
        WatchedLink link = new WatchedLink(platform.addresses().mqtt());
        Login login = new Login(link.port(), user + "/device", user.value(), platform.token(user, TOKEN_LIFETIME));
        Seat seat = new Seat(
                login,
                filters(library, conversations),
                "chat/" + group + "/msg",
                "chat/@" + next + "/msg",
                new Journal(folder.resolve(library.title() + ".jsonl")));
        return new Participant(library, user, conversations, seat, link, library.connect(seat, folder));
    }

    private UserId neighbour(int index) {
        return userOf(libraries.get(Math.floorMod(index, libraries.size())));
    }

    /** Half of them name their conversations, the others want all that they have. */
    private static List<String> filters(Library library, List<ConversationId> conversations) {
        return library.level() == 5
                ? List.of("chat/+/msg")
                : conversations.stream().map(name -> "chat/" + name + "/msg").toList();
    }

    /** Ends the clients; one that does not end well hides nothing that the others have to say. */
    static void close(List<Participant> all) throws IOException {
        for (Participant participant : all) {
            try {
                participant.client().close();
            } catch (Exception e) {
                System.out.println(participant.library() + " does not end well: " + e);
            }
            participant.link().close();
            participant.seat().journal().close();
        }
    }
}
