package io.parley.gateway.publishing;

import io.parley.protocol.UserId;
import io.parley.protocol.wire.Attachment;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Whether a user may send attachments, asked before the log takes a message that names some. */
public interface AttachmentCheck {
    /**
     * What is known of attachments.
     *
     * @param attachments as content type, name and size were told when they were uploaded; as many as were named, in their order
     * @param refusal why they may not be sent; empty if they may
     */
    record Checked(List<Attachment> attachments, String refusal) {
        public Checked {
            attachments = List.copyOf(attachments);
        }

        /** They may be sent. */
        public static Checked granted(List<Attachment> attachments) {
            return new Checked(attachments, "");
        }

        /** They may not. */
        public static Checked refused(String refusal) {
            return new Checked(List.of(), refusal);
        }

        boolean isRefused() {
            return !refusal.isEmpty();
        }
    }

    /**
     * Checks that a user may see each attachment, and keeps it from being deleted while the message is on its way.
     *
     * @return done on any thread; fails if that cannot be told now
     */
    CompletionStage<Checked> check(UserId sender, List<Attachment> named);
}
