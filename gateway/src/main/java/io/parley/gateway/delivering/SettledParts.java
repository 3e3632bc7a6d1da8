package io.parley.gateway.delivering;

import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.Settled;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.UserCommand;
import java.util.List;

/** The commands that say of which conversations a device has everything, none too large for the log. */
final class SettledParts {
    private SettledParts() {}

    static List<UserCommand.Builder> of(List<SettledConversation> all) {
        return RecordLimit.parts(all, SettledConversation::getSerializedSize).stream()
                .map(part ->
                        UserCommand.newBuilder().setSettled(Settled.newBuilder().addAllConversations(part)))
                .toList();
    }
}
