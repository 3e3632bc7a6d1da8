package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.admission.AdmissionRules;
import io.parley.bridge.conversation.attach.Absences;
import io.parley.bridge.state.Position;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Absence;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ChatEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What each device is still to get, told by what was sequenced while its user was a member and by what the device acknowledged. */
final class DevicesModel {
    private record Standing(long session, int acknowledged) {
        boolean isOf(long other) {
            return other == 0 || session == 0 || session == other;
        }

        Standing at(int seq, long other) {
            return new Standing(Math.max(session, other), Math.max(acknowledged, seq));
        }
    }

    private final ConversationModel model;
    private final Supplier<? extends ConversationState> state;
    private final Map<String, Standing> devices = new TreeMap<>();
    /** Who was told at the removal that devices still get something. */
    private final Map<UserId, Boolean> owed = new HashMap<>();

    /** @param state of which pointers, members and what is gone are taken, and nothing about devices */
    DevicesModel(ConversationModel model, Supplier<? extends ConversationState> state) {
        this.model = model;
        this.state = state;
    }

    /** An event, when the model has it. */
    void take(ChatEvent event) {
        String erased = event.getUserErased().getUser();
        devices.keySet()
                .removeIf(device -> event.hasUserErased() && user(device).equals(erased));
        devices.entrySet()
                .removeIf(entry -> model.removedWith(event.getSeq()).contains(user(entry.getKey()))
                        && entry.getValue().session() == 0);
        devices.replaceAll((device, standing) -> bounded(user(device), standing, event.getSeq()));
    }

    /** With too many absences the oldest of what is owed is given up. */
    private Standing bounded(String user, Standing standing, int head) {
        List<Integer> pending = pending(user, standing.acknowledged(), head);
        List<Integer> ends = pending.stream()
                .filter(seq -> seq < head && !pending.contains(seq + 1))
                .toList();
        boolean open = !model.isMember(user) && pending.contains(head);
        int tooMany = ends.size() + (open ? 1 : 0) - Absences.MAX;
        return tooMany <= 0 ? standing : standing.at(ends.get(tooMany - 1), 0);
    }

    private List<Integer> pending(String user, int acknowledged, int head) {
        return IntStream.rangeClosed(acknowledged + 1, head)
                .filter(seq -> model.sees(user, seq))
                .boxed()
                .toList();
    }

    /** A command, and what it brought about, when the state has it. */
    void take(ConversationCommand command, List<Effect> effects) {
        if (command.hasAttach()) {
            if (effects.stream()
                    .noneMatch(effect -> effect instanceof Effect.Deliver deliver
                            && deliver.delivery().hasAttached())) {
                unanswered(command.getOrigin(), command.getAttach());
            }
            effects.stream()
                    .filter(effect -> effect instanceof Effect.Deliver deliver
                            && deliver.delivery().hasAttached())
                    .map(effect -> ((Effect.Deliver) effect).delivery().getAttached())
                    .forEach(answer -> attached(command.getOrigin(), command.getAttach(), answer));
        } else if (command.hasReportCursors()) {
            command.getReportCursors().getCursorsList().forEach(this::reported);
        } else if (command.hasExpectDevice()) {
            expected(command.getExpectDevice());
        } else if (command.hasForgetDevice()) {
            ForgetDevice forget = command.getForgetDevice();
            devices.computeIfPresent(
                    forget.getUser() + "/" + forget.getDevice(),
                    (device, standing) ->
                            forget.getSession() != 0 && standing.session() > forget.getSession() ? standing : null);
        }
        effects.forEach(this::told);
        for (String user : RandomCommands.USERS) {
            if (!model.isMember(user)) {
                assertThat(owed.getOrDefault(UserId.parse(user), false))
                        .as("whether " + user + " knows that devices still get something")
                        .isEqualTo(devices.keySet().stream()
                                .anyMatch(device -> user(device).equals(user)));
            }
        }
    }

    private void told(Effect effect) {
        if (effect instanceof Effect.TellUser tell) {
            if (tell.command().hasLeftConversation()) {
                owed.put(tell.user(), tell.command().getLeftConversation().getOwed());
            } else if (tell.command().hasDrainedConversation()) {
                assertThat(owed.put(tell.user(), false)).isEqualTo(true);
            } else if (tell.command().hasJoinedConversation()) {
                owed.put(tell.user(), false);
            }
        }
    }

    private void attached(Origin origin, Attach attach, Attached answer) {
        String user = origin.getUser();
        String device = user + "/" + origin.getDevice();
        if (AdmissionRules.isBefore(state.get())) {
            assertThat(answer.getOrdinal())
                    .as("no route before anything was said")
                    .isZero();
            return;
        }
        Standing stored = devices.get(device);
        Standing own = stored != null && stored.isOf(origin.getSession()) ? stored : null;
        int head = state.get().head().getSeq();
        boolean member = model.isMember(user);
        boolean owedOnce = !member && own == null && attach.getEndsWith() > 0;
        assertThat(answer.getWoken()).isEqualTo(attach.getWoken());
        if (!member && ((own == null && !owedOnce) || attach.getRightsOnly() || attach.getCleanStart())) {
            assertThat(answer.getOrdinal()).isZero();
            return;
        }
        int start = attach.getCleanStart()
                ? head
                : Math.max(
                        own == null ? first(user, attach) : own.acknowledged(),
                        state.get().head().getPurged());
        List<Integer> pending = owedOnce
                ? IntStream.rangeClosed(start + 1, attach.getEndsWith()).boxed().toList()
                : pending(user, start, head);
        assertThat(answer.getHead()).isEqualTo(pending.isEmpty() && !member ? 0 : head);
        assertThat(shown(answer)).as("what " + device + " gets").isEqualTo(pending);
        if (!member && pending.isEmpty()) {
            assertThat(answer.getOrdinal()).isZero();
            if (own != null) {
                devices.remove(device);
            }
        } else {
            assertThat(answer.getOrdinal()).isPositive();
            boolean later = stored != null && origin.getSession() != 0 && stored.session() > origin.getSession();
            if (!attach.getRightsOnly() && !attach.getTransient() && !later) {
                devices.put(device, (own == null ? new Standing(0, 0) : own).at(start, origin.getSession()));
            }
        }
    }

    /** The connection died with its node: the device stands where it would have begun. */
    private void unanswered(Origin origin, Attach attach) {
        String user = origin.getUser();
        Standing stored = devices.get(user + "/" + origin.getDevice());
        boolean there = stored != null && (stored.isOf(origin.getSession()) || stored.session() > origin.getSession());
        boolean keeps = attach.getWildcard() && !attach.getRightsOnly() && !attach.getTransient();
        if (keeps && !there && model.isMember(user)) {
            int start = attach.getCleanStart()
                    ? state.get().head().getSeq()
                    : Math.max(first(user, attach), state.get().head().getPurged());
            devices.put(user + "/" + origin.getDevice(), new Standing(origin.getSession(), start));
        }
    }

    /** Where a device starts that has no position: at what its user machine says, else at what another device of the user received. */
    private int first(String user, Attach attach) {
        var member = state.get().member(UserId.parse(user));
        if (member == null) {
            return attach.getStartsAfter();
        }
        int had = attach.getStartsAfter() > 0
                ? attach.getStartsAfter()
                : state.get().pointers(UserId.parse(user)).getDelivered();
        return Math.max(had, member.getJoined() - 1);
    }

    private static List<Integer> shown(Attached answer) {
        return IntStream.rangeClosed(answer.getCursor() + 1, answer.getHead())
                .filter(seq -> answer.getAbsencesList().stream().noneMatch(absence -> contains(absence, seq)))
                .boxed()
                .toList();
    }

    private static boolean contains(Absence absence, int seq) {
        return seq >= absence.getFrom() && (absence.getTo() == 0 || seq <= absence.getTo());
    }

    private void reported(Cursor cursor) {
        String device = cursor.getUser() + "/" + cursor.getDevice();
        Standing standing = devices.get(device);
        int head = state.get().head().getSeq();
        if (standing != null && cursor.getSeq() <= head && standing.isOf(cursor.getSession())) {
            Standing now = standing.at(cursor.getSeq(), cursor.getSession());
            devices.put(device, now);
            if (!model.isMember(cursor.getUser())
                    && pending(cursor.getUser(), now.acknowledged(), head).isEmpty()) {
                devices.remove(device);
            }
        }
    }

    private void expected(ExpectDevice expect) {
        String device = expect.getUser() + "/" + expect.getDevice();
        Standing stored = devices.get(device);
        boolean there = stored != null && (stored.isOf(expect.getSession()) || stored.session() > expect.getSession());
        var member = state.get().member(UserId.parse(expect.getUser()));
        if (member != null && !there && !AdmissionRules.isBefore(state.get())) {
            int start = Math.max(member.getJoined() - 1, state.get().head().getPurged());
            devices.put(device, new Standing(expect.getSession(), start));
        } else if (member != null && stored != null && stored.isOf(expect.getSession())) {
            devices.put(device, stored.at(0, expect.getSession()));
        }
    }

    /** Fails unless the state has these devices, and owes them just what was sequenced for them and not acknowledged. */
    void matches() {
        int head = state.get().head().getSeq();
        for (String user : RandomCommands.USERS) {
            for (String name : RandomCommands.DEVICES) {
                String device = user + "/" + name;
                @Nullable Standing standing = devices.get(device);
                Position position = state.get().position(UserId.parse(user), name);
                assertThat(position != null).as(device + " has a position").isEqualTo(standing != null);
                if (standing != null && position != null) {
                    assertThat(position.getSession()).isEqualTo(standing.session());
                    assertThat(position.getAbsencesCount()).isLessThanOrEqualTo(Absences.MAX);
                    Attached answer = Attached.newBuilder()
                            .setCursor(position.getSeq())
                            .setHead(head)
                            .addAllAbsences(position.getAbsencesList())
                            .build();
                    assertThat(shown(answer))
                            .as("what " + device + " is owed")
                            .isEqualTo(pending(user, standing.acknowledged(), head));
                }
            }
        }
    }

    private static String user(String device) {
        return device.substring(0, device.indexOf('/'));
    }
}
