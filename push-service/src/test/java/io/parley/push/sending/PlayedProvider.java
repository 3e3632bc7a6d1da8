package io.parley.push.sending;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A provider whose answers a test gives. A token {@code NAME/…} belongs to the circuit of that name. */
final class PlayedProvider implements PushProvider {
    private final List<Sent> attempts = new ArrayList<>();
    private final Set<Integer> broken = new HashSet<>();

    record Sent(PushToken token, Notification notification, CompletableFuture<PushOutcome> answer) {
        int seq() {
            return notification.getSeq();
        }
    }

    @Override
    public PushPlatform platform() {
        return PushPlatform.APNS;
    }

    @Override
    public String circuit(PushToken token) {
        int slash = token.getToken().indexOf('/');
        return slash < 0 ? "all" : token.getToken().substring(0, slash);
    }

    @Override
    public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
        if (broken.contains(notification.getSeq())) {
            throw new IllegalArgumentException("broken");
        }
        Sent sent = new Sent(token, notification, new CompletableFuture<>());
        attempts.add(sent);
        return sent.answer();
    }

    @Override
    public void close() {}

    /** The seqs of all attempts so far. */
    List<Integer> sent() {
        return attempts.stream().map(Sent::seq).toList();
    }

    List<Sent> attempts() {
        return attempts;
    }

    List<Sent> open() {
        return attempts.stream().filter(sent -> !sent.answer().isDone()).toList();
    }

    void answer(int seq, PushOutcome outcome) {
        open().stream()
                .filter(sent -> sent.seq() == seq)
                .forEach(sent -> sent.answer().complete(outcome));
    }

    void answerAll(PushOutcome outcome) {
        open().forEach(sent -> sent.answer().complete(outcome));
    }

    void fail(int seq, Exception failure) {
        open().stream()
                .filter(sent -> sent.seq() == seq)
                .forEach(sent -> sent.answer().completeExceptionally(failure));
    }

    boolean isCancelled(int seq) {
        return attempts.stream()
                .anyMatch(sent -> sent.seq() == seq && sent.answer().isCancelled());
    }

    void breakAt(int seq) {
        broken.add(seq);
    }
}
