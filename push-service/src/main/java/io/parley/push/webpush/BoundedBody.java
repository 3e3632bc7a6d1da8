package io.parley.push.webpush;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Throws away the body of an answer, and ends the connection if there is too much of it. */
final class BoundedBody implements BodySubscriber<Boolean> {
    private static final long MOST_BYTES = 4096;

    private final CompletableFuture<Boolean> read = new CompletableFuture<>();
    private @Nullable Subscription subscription;
    private long bytes;

    /** False if it was too long. */
    @Override
    public CompletionStage<Boolean> getBody() {
        return read;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > MOST_BYTES && subscription != null) {
            subscription.cancel();
            read.complete(false);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // The status, which is all that counts, came before.
        read.complete(false);
    }

    @Override
    public void onComplete() {
        read.complete(true);
    }
}
