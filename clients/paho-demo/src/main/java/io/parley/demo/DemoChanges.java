package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetRetention;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The part of the tour about what becomes of a message: edits, reactions, deletions, and an end when all have it. */
final class DemoChanges {
    private static final Duration SOON = Duration.ofSeconds(10);
    /** What all have is to be gone within a minute. */
    private static final Duration GONE = Duration.ofSeconds(60);

    private static final long POLL_MILLIS = 200;

    private final DemoTarget target;
    private final Checklist list;
    private final Person alice;
    private final Person bob;

    DemoChanges(DemoTarget target, Checklist list, Person alice, Person bob) {
        this.target = target;
        this.list = list;
        this.alice = alice;
        this.bob = bob;
    }

    void play(ConversationId pair) throws DeviceException {
        secondThoughts(pair);
        fleeting();
    }

    private void secondThoughts(ConversationId pair) throws DeviceException {
        list.heading("Second thoughts");
        ChatEvent plan = bob.hear(pair, alice.say("@bob", "I come at eight."));
        list.said("alice", "bob", plan.getSeq(), plan.getText());
        ChatEvent oops = bob.hear(pair, alice.say("@bob", "Don't tell Bob about the cake!"));
        list.said("alice", "bob", oops.getSeq(), oops.getText());
        alice.publish(
                "@bob",
                Publication.newBuilder()
                        .setEdit(Edit.newBuilder().setSeq(plan.getSeq()).setText("I come at nine.")));
        alice.publish(
                "@bob", Publication.newBuilder().setDelete(Delete.newBuilder().setSeq(oops.getSeq())));
        bob.publish(
                "@alice",
                Publication.newBuilder()
                        .setReact(React.newBuilder().setSeq(plan.getSeq()).setEmoji("👍")));
        int last = oops.getSeq() + 3;
        List<ChatEvent> page = history(
                bob,
                pair,
                plan.getSeq() - 1,
                events -> !events.isEmpty() && events.get(events.size() - 1).getSeq() >= last);
        ChatEvent edited = page.get(0);
        list.check(
                edited.getText().equals("I come at nine.") && edited.getWasEdited(),
                "alice edits #" + plan.getSeq() + ": \"I come at nine.\", and history says that it was edited");
        list.check(
                edited.getReactionsCount() == 1 && edited.getReactions(0).getMine(),
                "bob's 👍 is counted there, and is his own");
        list.check(
                page.get(1).hasDeletedMessage(),
                "she deletes #" + oops.getSeq() + " for everybody: only a tombstone is left");
    }

    private void fleeting() throws DeviceException {
        list.heading("A group that keeps nothing: messages go when all have them");
        CreateGroup.Builder create =
                CreateGroup.newBuilder().setName("surprise").addMembers("bob");
        ConversationId group = ConversationId.parse(
                alice.ask(Request.newBuilder().setCreateGroup(create)).getConversation());
        alice.follow(group.value());
        bob.follow(group.value());
        alice.ask(Request.newBuilder()
                .setSetRetention(SetRetention.newBuilder()
                        .setConversation(group.value())
                        .setUntilDelivered(Nothing.getDefaultInstance())));
        ChatEvent said = bob.hear(group, alice.say(group.value(), "The cake is in the cellar."));
        list.said("alice", "surprise", said.getSeq(), said.getText());
        long startNanos = System.nanoTime();
        history(bob, group, said.getSeq() - 1, events -> !events.isEmpty());
        history(bob, group, 0, List::isEmpty);
        list.check(
                true,
                "history had it, and " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos)
                        + " s after both phones have acknowledged it, nothing is left of it");
    }

    /** What history has behind a seq, as soon as it is so. */
    private List<ChatEvent> history(
            Person person, ConversationId conversation, int after, Predicate<List<ChatEvent>> condition)
            throws DeviceException {
        HistoryClient history = new HistoryClient(target, person.id().user());
        long deadlineNanos = System.nanoTime() + (after == 0 ? GONE : SOON).toNanos();
        List<ChatEvent> events = history.after(conversation, after).getMessagesList();
        while (!condition.test(events)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new DeviceException("history of " + conversation + " is not as it should be in time");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DeviceException("interrupted while waiting for history");
            }
            events = history.after(conversation, after).getMessagesList();
        }
        return events;
    }
}
