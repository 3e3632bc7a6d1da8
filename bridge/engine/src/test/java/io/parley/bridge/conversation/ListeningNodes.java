package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Route;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The broker nodes of one conversation: whose devices each serves, as it knows from what the engine told it. */
final class ListeningNodes {
    private record Life(long epoch, Set<String> users) {}

    private final ConversationModel model;
    private final Map<Integer, Life> lives = new HashMap<>();

    ListeningNodes(ConversationModel model) {
        this.model = model;
    }

    /**
     * Takes what a command brought the nodes.
     *
     * @param routes where the conversation was to be delivered before the command
     */
    void take(List<Effect> effects, List<Route> routes) {
        Map<Integer, List<Integer>> seqs = new HashMap<>();
        List<Integer> published = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                published.add(publish.event().getSeq());
            } else if (effect instanceof Effect.Deliver deliver) {
                Delivery delivery = deliver.delivery();
                if (delivery.hasEvent()) {
                    event(deliver.slot(), delivery);
                    seqs.computeIfAbsent(deliver.slot(), slot -> new ArrayList<>())
                            .add(delivery.getEvent().getSeq());
                } else if (delivery.hasAttached() && delivery.getAttached().getMember()) {
                    attached(deliver.slot(), delivery.getEpoch(), delivery.getAttached());
                }
            }
        }
        assertThat(seqs.values()).as("each event once to a node, in order").allMatch(published::equals);
        if (!published.isEmpty()) {
            assertThat(seqs.keySet())
                    .as("each event to each node")
                    .isEqualTo(new HashSet<>(routes.stream().map(Route::getSlot).toList()));
        }
    }

    private void event(int slot, Delivery delivery) {
        int seq = delivery.getEvent().getSeq();
        assertThat(delivery.getEvent().getRemovedList())
                .as("who is removed with " + seq)
                .containsExactlyElementsOf(model.removedWith(seq));
        Life life = lives.get(slot);
        if (life != null) {
            assertThat(life.users()).allMatch(user -> model.sees(user, seq), "is a member at " + seq);
            life.users().removeAll(delivery.getEvent().getRemovedList());
        }
    }

    private void attached(int slot, long epoch, Attached answer) {
        @Nullable Life before = lives.get(slot);
        assertThat(before == null || before.epoch() <= epoch)
                .as("no answer to an earlier life of a node")
                .isTrue();
        if (!answer.getRightsOnly()) {
            Set<String> users = before != null && before.epoch() == epoch ? before.users() : new HashSet<>();
            users.add(answer.getUser());
            lives.put(slot, new Life(epoch, users));
        }
    }

    /** The nodes that are no route any more have no device here: they said so. */
    void keep(List<Route> routes) {
        lives.keySet().removeIf(slot -> routes.stream().noneMatch(route -> route.getSlot() == slot));
        for (Route route : routes) {
            Life life = lives.get(route.getSlot());
            assertThat(life == null || life.epoch() <= route.getEpoch()).isTrue();
        }
    }
}
