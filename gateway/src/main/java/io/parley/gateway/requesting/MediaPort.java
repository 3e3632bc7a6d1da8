package io.parley.gateway.requesting;

import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.BeginUpload;
import io.parley.protocol.wire.DownloadAttachment;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.UploadChunk;
import java.util.concurrent.CompletionStage;

/** What devices do with attachments. A refusal is a reply with an error; a stage fails only when a store cannot be reached. */
public interface MediaPort extends AttachmentCheck {
    CompletionStage<Reply> begin(UserId user, BeginUpload upload);

    CompletionStage<Reply> append(UserId user, UploadChunk chunk);

    CompletionStage<Reply> finish(UserId user, String upload);

    CompletionStage<Reply> progress(UserId user, String upload);

    CompletionStage<Reply> cancel(UserId user, String upload);

    CompletionStage<Reply> download(UserId user, DownloadAttachment wish);
}
