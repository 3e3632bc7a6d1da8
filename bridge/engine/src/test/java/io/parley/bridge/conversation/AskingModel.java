package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Asking;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AdmissionRefused;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a conversation of two may begin, by the answers of user machines: who waits for that is told once, nothing is said before it, and of a
 * conversation that has begun, or does not, nothing of this is left.
 */
final class AskingModel {
    private static final class Question {
        private final long askedAtMillis;
        private final List<Origin> askers = new ArrayList<>();
        private boolean admitted;

        Question(long askedAtMillis) {
            this.askedAtMillis = askedAtMillis;
        }
    }

    private final boolean direct;
    private final List<String> two;
    private final Map<String, Question> questions = new TreeMap<>();
    private boolean begun;

    AskingModel(ConversationId id) {
        direct = id.isDirect();
        two = direct ? List.of(id.first().value(), id.second().value()) : List.of();
    }

    /** Fails if the command brought about something else than it should. */
    void take(ConversationCommand command, Decision decision, long nowMillis) {
        if (!direct || begun) {
            assertThat(decision.changes())
                    .noneMatch(change -> change instanceof Change.AskingSet || change instanceof Change.AskingEnded);
            return;
        }
        List<String> expected = new ArrayList<>();
        boolean asks = false;
        switch (command.getCommandCase()) {
            case ATTACH -> asks = attach(command, expected, nowMillis);
            case ADMITTED -> admitted(command.getAdmitted(), expected);
            case ADMISSION_REFUSED -> refused(command.getAdmissionRefused(), expected);
            case ADMISSION_OVER -> questions.clear();
            case ERASE_MEMBER -> {
                if (two.contains(command.getEraseMember().getUser())) {
                    end(expected, ErrorCode.UNAVAILABLE);
                }
            }
            case BLOCK_CHANGED -> {
                if (command.getBlockChanged().getBlocked()) {
                    end(expected, ErrorCode.NOT_ALLOWED);
                }
            }
            case SEND_MESSAGE -> sent(command, decision);
            default -> {}
        }
        assertThat(told(decision)).as("who is told what").containsExactlyInAnyOrderElementsOf(expected);
        assertThat(decision.effects().stream()
                        .anyMatch(effect -> effect instanceof Effect.TellUser tell
                                && tell.command().hasAskAdmission()))
                .as("one question for each of the two")
                .isEqualTo(asks);
    }

    /** Whether the user's machine is to be asked. */
    private boolean attach(ConversationCommand command, List<String> expected, long nowMillis) {
        Origin origin = command.getOrigin();
        boolean member = two.contains(origin.getUser());
        if (!member || !command.getAttach().getToWrite() || isAdmitted()) {
            expected.add(answer(origin, member, ErrorCode.ERROR_CODE_UNSPECIFIED));
            return false;
        }
        boolean first = !questions.containsKey(origin.getUser());
        Question question = questions.computeIfAbsent(origin.getUser(), user -> new Question(nowMillis));
        question.askers.removeIf(asker -> answer(asker).equals(answer(origin)));
        question.askers.add(origin);
        return first;
    }

    private void admitted(Admitted answer, List<String> expected) {
        Question question = questions.get(answer.getUser());
        if (question == null || question.admitted || question.askedAtMillis != answer.getAskedAtMillis()) {
            return;
        }
        questions
                .values()
                .forEach(one -> one.askers.forEach(
                        asker -> expected.add(answer(asker, true, ErrorCode.ERROR_CODE_UNSPECIFIED))));
        questions.values().removeIf(one -> one != question);
        question.askers.clear();
        question.admitted = true;
    }

    private void refused(AdmissionRefused answer, List<String> expected) {
        Question question = questions.get(answer.getUser());
        if (question != null && !question.admitted && question.askedAtMillis == answer.getAskedAtMillis()) {
            questions.remove(answer.getUser());
            question.askers.forEach(
                    asker -> expected.add(answer(asker, false, answer.getError().getCode())));
        }
    }

    private void end(List<String> expected, ErrorCode code) {
        questions
                .values()
                .forEach(question -> question.askers.forEach(asker -> expected.add(answer(asker, false, code))));
        questions.clear();
    }

    private void sent(ConversationCommand command, Decision decision) {
        boolean member = two.contains(command.getOrigin().getUser());
        Publication publication = command.getSendMessage().getPublication();
        boolean first = publication.hasText() && publication.getReplyTo() == 0;
        long said = decision.effects().stream()
                .filter(Effect.Publish.class::isInstance)
                .count();
        assertThat(said).as("what is said").isEqualTo(member && first && isAdmitted() ? 1 : 0);
        if (said > 0) {
            begun = true;
            questions.clear();
            return;
        }
        ErrorCode code = isAdmitted() ? ErrorCode.NOT_FOUND : ErrorCode.UNAVAILABLE;
        assertThat(decision.changes()).isEmpty();
        assertThat(decision.effects())
                .singleElement()
                .matches(effect -> effect instanceof Effect.Deliver deliver
                        && deliver.delivery()
                                .getReply()
                                .getReply()
                                .getError()
                                .getCode()
                                .equals(member ? code : ErrorCode.NOT_A_MEMBER));
    }

    private boolean isAdmitted() {
        return questions.values().stream().anyMatch(question -> question.admitted);
    }

    private static List<String> told(Decision decision) {
        return decision.effects().stream()
                .filter(effect -> effect instanceof Effect.Deliver deliver
                        && deliver.delivery().hasAttached())
                .map(effect -> {
                    Effect.Deliver deliver = (Effect.Deliver) effect;
                    Attached answer = deliver.delivery().getAttached();
                    return deliver.slot() + "." + deliver.delivery().getEpoch() + "." + answer.getConnection() + " "
                            + answer.getMember() + " "
                            + answer.getRefused().getCode();
                })
                .toList();
    }

    private static String answer(Origin origin, boolean member, ErrorCode code) {
        return answer(origin) + " " + member + " " + code;
    }

    private static String answer(Origin origin) {
        return origin.getNode().getSlot() + "." + origin.getNode().getEpoch() + "." + origin.getConnection();
    }

    void matches(ConversationState state) {
        for (String user : RandomCommands.USERS) {
            Question question = questions.get(user);
            Asking row = state.asking(UserId.parse(user));
            assertThat(row != null).as(user + " asks, or may write").isEqualTo(question != null);
            if (row != null && question != null) {
                assertThat(row.getAskersList()).isEqualTo(question.askers);
                assertThat(row.getAdmitted()).isEqualTo(question.admitted);
            }
        }
    }
}
