package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.protocol.MalformedPayload;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private final List<String> asked = new ArrayList<>();
    private CompletableFuture<Void> published = new CompletableFuture<>();
    private final Requests requests = new Requests(this::publish, Duration.ofMinutes(1));

    private CompletableFuture<Void> publish(byte[] request) {
        try {
            asked.add(Wire.decode(request, Request.newBuilder()).getRequestId());
        } catch (MalformedPayload e) {
            throw new AssertionError(e);
        }
        return published;
    }

    private CompletableFuture<Reply> ask() {
        return requests.ask(Request.newBuilder().setListDevices(ListDevices.getDefaultInstance()));
    }

    private static ParleyException failure(CompletableFuture<Reply> answer) {
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, answer::get);
        return (ParleyException) Objects.requireNonNull(failure.getCause());
    }

    @Test
    void each_reply_comes_to_its_request() throws Exception {
        CompletableFuture<Reply> one = ask();
        CompletableFuture<Reply> two = ask();
        Reply reply = Reply.newBuilder().setRequestId(asked.get(1)).build();
        assertThat(requests.answered(reply)).isTrue();
        assertThat(requests.answered(reply)).as("again").isFalse();
        assertThat(two.get()).isEqualTo(reply);
        assertThat(one).isNotDone();
    }

    @Test
    void an_error_says_its_code() {
        CompletableFuture<Reply> one = ask();
        assertThat(requests.answered(Reply.newBuilder()
                        .setRequestId(asked.get(0))
                        .setError(Error.newBuilder()
                                .setCode(ErrorCode.NOT_ALLOWED)
                                .setMessage("no"))
                        .build()))
                .isTrue();
        assertThat(failure(one).error()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void what_cannot_be_sent_and_what_was_lost_fails() {
        CompletableFuture<Reply> one = ask();
        published.completeExceptionally(new ParleyException("too fast", 0x97));
        assertThat(failure(one).code()).isEqualTo(0x97);
        published = new CompletableFuture<>();
        CompletableFuture<Reply> two = ask();
        requests.lost();
        assertThat(failure(two)).hasMessageContaining("may or may not have happened");
    }
}
