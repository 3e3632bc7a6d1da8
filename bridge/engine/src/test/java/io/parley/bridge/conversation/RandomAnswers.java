package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import io.parley.protocol.log.AdmissionOver;
import io.parley.protocol.log.AdmissionRefused;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.AskAdmission;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.MemberDeclined;
import io.parley.protocol.log.RemoveDeclined;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What user machines answer to a conversation, as chance has it: in time or late, more than once, or never. */
final class RandomAnswers {
    private record Asked(String user, AskAdmission question) {}

    private record Added(String user, JoinedConversation news) {}

    private final Random random;
    private final List<Asked> asked = new ArrayList<>();
    private final List<Added> added = new ArrayList<>();

    RandomAnswers(Random random) {
        this.random = random;
    }

    void take(List<Effect> effects) {
        for (Effect effect : effects) {
            if (!(effect instanceof Effect.TellUser tell)) {
                continue;
            }
            if (tell.command().hasAskAdmission()) {
                asked.add(new Asked(tell.user().value(), tell.command().getAskAdmission()));
            } else if (tell.command().hasJoinedConversation()) {
                added.add(new Added(tell.user().value(), tell.command().getJoinedConversation()));
            }
        }
    }

    boolean isAnAnswer() {
        return asked.isEmpty() ? !added.isEmpty() && random.nextInt(20) == 0 : random.nextInt(5) == 0;
    }

    ConversationCommand next() {
        return asked.isEmpty() || (!added.isEmpty() && random.nextInt(5) == 0) ? aboutMember() : aboutBeginning();
    }

    private ConversationCommand aboutMember() {
        ConversationCommand.Builder answer = ConversationCommand.newBuilder();
        Added member = added.get(random.nextInt(added.size()));
        return random.nextInt(3) == 0
                ? answer.setRemoveDeclined(RemoveDeclined.getDefaultInstance()).build()
                : answer.setMemberDeclined(MemberDeclined.newBuilder()
                                .setUser(member.user())
                                .setBy(member.news().getBy())
                                .setSeq(member.news().getSeq())
                                .setCode(random.nextBoolean() ? ErrorCode.NOT_FOUND : ErrorCode.NOT_ALLOWED))
                        .build();
    }

    private ConversationCommand aboutBeginning() {
        Asked question = asked.get(Math.max(0, asked.size() - 1 - random.nextInt(3)));
        ConversationCommand.Builder answer = ConversationCommand.newBuilder();
        return switch (random.nextInt(6)) {
            case 0, 1, 2 ->
                answer.setAdmitted(Admitted.newBuilder()
                                .setUser(question.user())
                                .setAskedAtMillis(question.question().getAskedAtMillis()))
                        .build();
            case 3 -> over();
            default ->
                answer.setAdmissionRefused(AdmissionRefused.newBuilder()
                                .setUser(question.user())
                                .setAskedAtMillis(question.question().getAskedAtMillis())
                                .setError(Error.newBuilder().setCode(ErrorCode.NOT_FOUND)))
                        .build();
        };
    }

    static ConversationCommand over() {
        return ConversationCommand.newBuilder()
                .setAdmissionOver(AdmissionOver.getDefaultInstance())
                .build();
    }
}
