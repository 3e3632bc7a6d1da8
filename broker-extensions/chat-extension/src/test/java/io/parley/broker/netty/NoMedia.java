package io.parley.broker.netty;

import io.parley.gateway.requesting.MediaPort;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.BeginUpload;
import io.parley.protocol.wire.DownloadAttachment;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.UploadChunk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where there is no store: every attachment may be named, and none is there. */
public final class NoMedia implements MediaPort {
    @Override
    public CompletionStage<Checked> check(UserId sender, List<Attachment> named) {
        return CompletableFuture.completedFuture(Checked.granted(named));
    }

    @Override
    public CompletionStage<Reply> begin(UserId user, BeginUpload upload) {
        return none();
    }

    @Override
    public CompletionStage<Reply> append(UserId user, UploadChunk chunk) {
        return none();
    }

    @Override
    public CompletionStage<Reply> finish(UserId user, String upload) {
        return none();
    }

    @Override
    public CompletionStage<Reply> progress(UserId user, String upload) {
        return none();
    }

    @Override
    public CompletionStage<Reply> cancel(UserId user, String upload) {
        return none();
    }

    @Override
    public CompletionStage<Reply> download(UserId user, DownloadAttachment wish) {
        return none();
    }

    private static CompletionStage<Reply> none() {
        return CompletableFuture.failedFuture(new IllegalStateException("there is no store"));
    }
}
