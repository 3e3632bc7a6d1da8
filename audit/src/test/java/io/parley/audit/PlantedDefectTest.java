package io.parley.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In a run without anomalies one thing goes wrong on its way, wherever a seed draws it: the audit names it, and the seq that shows it. */
class PlantedDefectTest {
    private static final int RUNS = 100;

    /** What can go wrong once. */
    private enum Defect {
        A_DELIVERY_IS_DROPPED(Anomaly.UNSEEN) {
            @Override
            int plant(PlayedRun run) {
                Delivered victim = someDelivery(run);
                run.delivered.removeIf(one -> one.device().equals(victim.device())
                        && one.entry().seq() == victim.entry().seq());
                return victim.entry().seq();
            }
        },
        A_DELIVERY_IS_DROPPED_BETWEEN_TWO(Anomaly.GAP) {
            @Override
            int plant(PlayedRun run) {
                int at = withNext(run);
                run.delivered.removeIf(one -> one.device()
                                .equals(run.delivered.get(at).device())
                        && one.entry().seq() == run.delivered.get(at).entry().seq());
                return 0;
            }
        },
        A_DELIVERY_IS_DOUBLED(Anomaly.DUPLICATE) {
            @Override
            int plant(PlayedRun run) {
                int at = run.random().nextInt(run.delivered.size());
                run.delivered.add(at, run.delivered.get(at));
                return run.delivered.get(at).entry().seq();
            }
        },
        TWO_DELIVERIES_ARE_SWAPPED(Anomaly.INVERSION) {
            @Override
            int plant(PlayedRun run) {
                int at = withNext(run);
                Delivered first = run.delivered.get(at);
                int next = next(run, at);
                run.delivered.set(at, run.delivered.get(next));
                run.delivered.set(next, first);
                return first.entry().seq();
            }
        },
        AN_ENTRY_LEAKS_TO_A_STRANGER(Anomaly.LEAK) {
            @Override
            int plant(PlayedRun run) {
                Delivered victim = someDelivery(run);
                run.delivered.add(new Delivered(PlayedRun.OUTSIDER + "/phone", PlayedRun.OUTSIDER, 1, victim.entry()));
                return victim.entry().seq();
            }
        },
        AN_ENTRY_LEAKS_TO_ONE_WHO_IS_NOT_YET_A_MEMBER(Anomaly.LEAK) {
            @Override
            int plant(PlayedRun run) {
                Entry before = run.history.get(3);
                run.delivered.add(0, new Delivered(PlayedRun.GUEST + "/phone", PlayedRun.GUEST, 1, before));
                return before.seq();
            }
        },
        A_DELIVERY_IS_CHANGED(Anomaly.DIVERGENCE) {
            @Override
            int plant(PlayedRun run) {
                int at = run.random().nextInt(run.delivered.size());
                Delivered one = run.delivered.get(at);
                Entry entry = one.entry();
                run.delivered.set(
                        at,
                        new Delivered(
                                one.device(),
                                one.user(),
                                one.connection(),
                                new Entry(entry.seq(), entry.id(), entry.from(), entry.body(), entry.whole() + 1)));
                return entry.seq();
            }
        },
        WHAT_IS_KEPT_IS_NOT_WHAT_WAS_SENT(Anomaly.DIVERGENCE) {
            @Override
            int plant(PlayedRun run) {
                int at = run.random().nextInt(run.sent.size());
                Sent one = run.sent.get(at);
                run.sent.set(at, new Sent(one.id(), one.from(), one.acknowledged(), one.body() + 1));
                return Integer.parseInt(one.id().substring(1));
            }
        },
        AN_ENTRY_IS_LOST_FROM_HISTORY(Anomaly.GAP) {
            @Override
            int plant(PlayedRun run) {
                return run.history
                        .remove(run.random().nextInt(run.history.size() - 1))
                        .seq();
            }
        },
        AN_ENTRY_IS_TWICE_IN_HISTORY(Anomaly.DUPLICATE) {
            @Override
            int plant(PlayedRun run) {
                int at = run.random().nextInt(run.history.size());
                run.history.add(at, run.history.get(at));
                return run.history.get(at).seq();
            }
        },
        TWO_ENTRIES_OF_HISTORY_ARE_SWAPPED(Anomaly.INVERSION) {
            @Override
            int plant(PlayedRun run) {
                int at = run.random().nextInt(run.history.size() - 1);
                Entry first = run.history.remove(at);
                run.history.add(at + 1, first);
                return first.seq();
            }
        },
        AN_ACKNOWLEDGED_MESSAGE_IS_NOWHERE(Anomaly.LOST) {
            @Override
            int plant(PlayedRun run) {
                run.sent.add(new Sent("nowhere", "alice", true, 1));
                return 0;
            }
        },
        A_MESSAGE_HAS_TWO_SEQS(Anomaly.DUPLICATE) {
            @Override
            int plant(PlayedRun run) {
                Sent again = run.sent.get(run.random().nextInt(run.sent.size()));
                Entry entry = new Entry(run.history.size() + 1, again.id(), again.from(), again.body(), 77);
                run.history.add(entry);
                return entry.seq();
            }
        },
        NOBODY_SENT_IT(Anomaly.PHANTOM) {
            @Override
            int plant(PlayedRun run) {
                Sent one = run.sent.remove(run.random().nextInt(run.sent.size()));
                return Integer.parseInt(one.id().substring(1));
            }
        },
        IT_COMES_AGAIN_LONG_AFTER_ITS_ACKNOWLEDGEMENT(Anomaly.REPEAT) {
            @Override
            int plant(PlayedRun run) {
                Delivered last = run.delivered.get(run.delivered.size() - 1);
                run.cuts.add(new Cut(last.device(), last.connection(), Long.MAX_VALUE / 2));
                run.delivered.add(new Delivered(last.device(), last.user(), last.connection() + 1, last.entry()));
                return last.entry().seq();
            }
        },
        A_POINTER_GOES_BACK(Anomaly.RECEIPT_BACK) {
            @Override
            int plant(PlayedRun run) {
                int at = 1 + run.random().nextInt(run.told.size() - 1);
                Told one = run.told.get(at);
                run.told.set(at, new Told(one.device(), one.user(), Pointers.NONE, one.possible()));
                return 0;
            }
        },
        A_POINTER_IS_AHEAD(Anomaly.RECEIPT_FALSE) {
            @Override
            int plant(PlayedRun run) {
                int at = run.random().nextInt(run.told.size());
                Told one = run.told.get(at);
                run.told.set(at, new Told(one.device(), one.user(), new Pointers(99, 99), one.possible()));
                return 99;
            }
        },
        THE_LAST_POINTER_IS_NOT_TOLD(Anomaly.RECEIPT_MISSING) {
            @Override
            int plant(PlayedRun run) {
                return run.told.remove(run.told.size() - 1).told().read();
            }
        },
        A_NOTIFICATION_IS_DROPPED(Anomaly.NOT_PUSHED) {
            @Override
            int plant(PlayedRun run) {
                int last = run.pushed.get(run.pushed.size() - 1).seq();
                run.pushed.removeIf(one -> one.seq() == last);
                return last;
            }
        },
        A_NOTIFICATION_IS_DOUBLED(Anomaly.PUSHED_TWICE) {
            @Override
            int plant(PlayedRun run) {
                Pushed one = run.pushed.get(run.random().nextInt(run.pushed.size()));
                run.pushed.add(one);
                return one.seq();
            }
        },
        A_NOTIFICATION_LEAKS(Anomaly.LEAK) {
            @Override
            int plant(PlayedRun run) {
                Sent one = run.sent.get(run.random().nextInt(run.sent.size()));
                int seq = Integer.parseInt(one.id().substring(1));
                run.pushed.add(new Pushed("token-of-mallory", seq));
                return seq;
            }
        };

        final Anomaly anomaly;

        Defect(Anomaly anomaly) {
            this.anomaly = anomaly;
        }

        /** Returns the seq that the audit is to name; 0 when any will do. */
        abstract int plant(PlayedRun run);

        static Delivered someDelivery(PlayedRun run) {
            return run.delivered.get(run.random().nextInt(run.delivered.size()));
        }

        /** The index of a delivery that the same connection goes on after, with the next entry. */
        static int withNext(PlayedRun run) {
            while (true) {
                int at = run.random().nextInt(run.delivered.size());
                Delivered one = run.delivered.get(at);
                int next = next(run, at);
                boolean isFirst = run.delivered.subList(0, at).stream()
                        .noneMatch(before ->
                                before.device().equals(one.device()) && before.connection() == one.connection());
                if (next > 0
                        && !isFirst
                        && run.delivered.get(next).entry().seq() == one.entry().seq() + 1) {
                    return at;
                }
            }
        }

        /** The index of the connection's next delivery; 0 when it was the last one. */
        static int next(PlayedRun run, int at) {
            Delivered one = run.delivered.get(at);
            for (int i = at + 1; i < run.delivered.size(); i++) {
                Delivered other = run.delivered.get(i);
                if (other.device().equals(one.device())) {
                    return other.connection() == one.connection() ? i : 0;
                }
            }
            return 0;
        }
    }

    @Test
    void without_a_defect_nothing_is_found() {
        Seeds.play(
                RUNS,
                seed -> assertThat(
                                Auditor.audit(new PlayedRun(seed).recording()).describe())
                        .isEqualTo("no anomalies"));
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    void a_defect_is_named(Defect defect) {
        Seeds.play(RUNS, seed -> {
            PlayedRun run = new PlayedRun(seed);
            int seq = defect.plant(run);
            Report report = Auditor.audit(run.recording());
            List<Report.Example> examples = report.examples(defect.anomaly);
            assertThat(examples)
                    .isNotEmpty()
                    .allSatisfy(example -> assertThat(example.conversation()).isEqualTo("team"));
            // What the notification before did not tell of is missing with the dropped one: only the first few are
            // shown.
            boolean allShown = report.count(defect.anomaly) == examples.size();
            if (seq > 0 && allShown) {
                assertThat(examples).extracting(Report.Example::seq).contains(seq);
            }
        });
    }

    /** Presence and typing are of a whole company, and have a test of their own where it is. */
    @Test
    void every_anomaly_of_a_conversation_is_planted() {
        Set<Anomaly> planted = EnumSet.noneOf(Anomaly.class);
        Stream.of(Defect.values()).map(defect -> defect.anomaly).forEach(planted::add);
        assertThat(planted)
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.complementOf(EnumSet.of(Anomaly.PRESENCE_FALSE, Anomaly.TYPING_FALSE)));
    }
}
