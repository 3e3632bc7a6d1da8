package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import java.util.List;

/** The part of the tour about who belongs to a group: what a member sees from when on, and until when. */
final class DemoMembers {
    private static final UserId DAVE = UserId.parse("dave");
    /** A removed member's rights end within as long, everywhere. */
    private static final Duration RIGHTS_END = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 50;

    private final DemoTarget target;
    private final Checklist list;
    private final Person alice;
    private final Person bob;

    DemoMembers(DemoTarget target, Checklist list, Person alice, Person bob) {
        this.target = target;
        this.list = list;
        this.alice = alice;
        this.bob = bob;
    }

    void play(ConversationId team) throws DeviceException {
        list.heading("Dave joins and leaves");
        try (Person dave = new Person(target, new DeviceId(DAVE, "tour"), Device::v5)) {
            dave.connect(true);
            joins(team, dave);
            leaves(team, dave);
        }
    }

    private void joins(ConversationId team, Person dave) throws DeviceException {
        alice.ask(Request.newBuilder()
                .setAddMembers(
                        AddMembers.newBuilder().setConversation(team.value()).addUsers(dave.name())));
        ChatEvent welcome = dave.hear(team, alice.say(team.value(), "Welcome, Dave! We have cake."));
        tell(welcome);
        List<ChatEvent> heard = dave.heardIn(team);
        ChatEvent first = heard.get(0);
        list.check(
                first.getMembersAdded().getUsersList().equals(List.of(dave.name())),
                "alice adds dave: the first entry that he gets says so itself, #" + first.getSeq());
        list.check(
                heard.size() == 2 && welcome.getSeq() == first.getSeq() + 1,
                "her message reaches him, and nothing of before");
    }

    private void leaves(ConversationId team, Person dave) throws DeviceException {
        alice.ask(Request.newBuilder()
                .setRemoveMembers(
                        RemoveMembers.newBuilder().setConversation(team.value()).addUsers(dave.name())));
        ChatEvent secret = bob.hear(team, alice.say(team.value(), "More cake for us."));
        tell(secret);
        // What is said to dave afterwards has come when what was said before would have.
        dave.hear(ConversationId.direct(alice.id().user(), DAVE), alice.say("@dave", "Sorry, Dave."));
        list.check(
                dave.heardIn(team).stream().noneMatch(event -> event.getSeq() >= secret.getSeq()),
                "alice removes him: the next message reaches bob and not dave");
        HistoryRequest.Builder page = HistoryRequest.newBuilder().setConversation(team.value());
        list.check(
                isRefused(() -> dave.ask(Request.newBuilder().setHistory(page)), "NOT_A_MEMBER"),
                "his request for the group's history is refused");
        HistoryClient http = new HistoryClient(target, DAVE);
        list.check(isRefused(() -> http.after(team, 0), "403"), "and so it is by HTTP");
    }

    private interface Attempt {
        void run() throws DeviceException;
    }

    /** Whether it is refused for that reason before the rights must have ended. */
    private static boolean isRefused(Attempt attempt, String reason) throws DeviceException {
        long deadlineNanos = System.nanoTime() + RIGHTS_END.toNanos();
        do {
            try {
                attempt.run();
                Thread.sleep(POLL_MILLIS);
            } catch (DeviceException e) {
                return String.valueOf(e.getMessage()).contains(reason);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DeviceException("interrupted", e);
            }
        } while (System.nanoTime() < deadlineNanos);
        return false;
    }

    private void tell(ChatEvent event) {
        list.said(event.getFrom(), "picnic", event.getSeq(), event.getText());
    }
}
