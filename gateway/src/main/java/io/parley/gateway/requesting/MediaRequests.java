package io.parley.gateway.requesting;

import io.parley.protocol.UserId;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Request.RequestCase;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Attachments in chunks, for devices without HTTP. A request is acknowledged when it is done: what a chunk brought is durable then. */
final class MediaRequests {
    private MediaRequests() {}

    static Map<RequestCase, RequestHandler> handlers(MediaPort media, Outages outages) {
        Map<RequestCase, RequestHandler> handlers = new EnumMap<>(RequestCase.class);
        handlers.put(
                RequestCase.BEGIN_UPLOAD,
                new Changing(outages, (user, request) -> media.begin(user, request.getBeginUpload())));
        handlers.put(
                RequestCase.UPLOAD_CHUNK,
                new Changing(outages, (user, request) -> media.append(user, request.getUploadChunk())));
        handlers.put(
                RequestCase.FINISH_UPLOAD,
                new Changing(
                        outages,
                        (user, request) ->
                                media.finish(user, request.getFinishUpload().getId())));
        handlers.put(
                RequestCase.CANCEL_UPLOAD,
                new Changing(
                        outages,
                        (user, request) ->
                                media.cancel(user, request.getCancelUpload().getId())));
        handlers.put(
                RequestCase.GET_UPLOAD,
                new Reading(
                        outages,
                        (user, request) ->
                                media.progress(user, request.getGetUpload().getId())));
        handlers.put(
                RequestCase.DOWNLOAD_ATTACHMENT,
                new Reading(outages, (user, request) -> media.download(user, request.getDownloadAttachment())));
        return handlers;
    }

    /** @param doing does what is asked for */
    private record Changing(Outages outages, BiFunction<UserId, Request, CompletionStage<Reply>> doing)
            implements RequestHandler {
        @Override
        public void handle(Origin origin, Request request, Answer answer) {
            var unused = doing.apply(UserId.parse(origin.getUser()), request).whenComplete((reply, failure) -> {
                if (failure == null) {
                    answer.taken(null);
                    answer.reply(reply.toBuilder()
                            .setRequestId(request.getRequestId())
                            .build());
                } else {
                    outages.report("attachments", failure);
                    answer.refuse(request, ErrorCode.UNAVAILABLE, "try again later");
                }
            });
        }
    }

    private static final class Reading extends ReadRequest {
        private final BiFunction<UserId, Request, CompletionStage<Reply>> reading;

        Reading(Outages outages, BiFunction<UserId, Request, CompletionStage<Reply>> reading) {
            super(outages);
            this.reading = reading;
        }

        @Override
        CompletionStage<Reads.Found> read(Origin origin, Request request) {
            return reading.apply(UserId.parse(origin.getUser()), request)
                    .thenApply(reply -> new Reads.Found(reply, () -> {}));
        }
    }
}
