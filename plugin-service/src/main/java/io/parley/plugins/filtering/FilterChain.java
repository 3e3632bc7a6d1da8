package io.parley.plugins.filtering;

import io.parley.plugin.Publication;
import io.parley.plugin.Verdict;
import io.parley.plugins.hosting.ActiveFilter;
import io.parley.plugins.hosting.Lines;
import io.parley.plugins.running.PluginFigures.Outcome;
import io.parley.protocol.plugin.FilterAnswer;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.plugin.PluginSummary;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks one filter after the other: each sees what those before it made of a publication, and the first refusal is the end. */
public final class FilterChain {
    private final Supplier<List<ActiveFilter>> filters;

    /** @param filters those that have to be asked now, in their order */
    public FilterChain(Supplier<List<ActiveFilter>> filters) {
        this.filters = filters;
    }

    /** What a node has to know of filters. */
    public PluginSummary summary() {
        List<ActiveFilter> now = filters.get();
        return PluginSummary.newBuilder()
                .setFilters(now.size())
                .setDeadlineMillis(now.stream()
                        .mapToInt(filter -> (int) filter.deadline().toMillis())
                        .sum())
                .setPassesUnasked(now.stream().noneMatch(ActiveFilter::refuses))
                .build();
    }

    /** The answer to a node's question; never fails. */
    public CompletableFuture<FilterAnswer> decide(FilterQuestion question) {
        return from(List.copyOf(filters.get()), 0, question);
    }

    private CompletableFuture<FilterAnswer> from(List<ActiveFilter> all, int index, FilterQuestion question) {
        if (index == all.size()) {
            return CompletableFuture.completedFuture(FilterAnswer.newBuilder()
                    .setPassed(question.getPublication())
                    .build());
        }
        ActiveFilter filter = all.get(index);
        long startNanos = System.nanoTime();
        Publication shown = ShownPublication.of(question);
        return filter.filter(shown)
                .handle((verdict, failure) -> {
                    long nanos = System.nanoTime() - startNanos;
                    return verdict == null
                            ? missed(filter, question, failure, nanos)
                            : decided(filter, question, verdict, nanos);
                })
                .thenCompose(answer -> answer.hasRefused()
                        ? CompletableFuture.completedFuture(answer)
                        : from(
                                all,
                                index + 1,
                                question.toBuilder()
                                        .setPublication(answer.getPassed())
                                        .build()));
    }

    private static FilterAnswer decided(ActiveFilter filter, FilterQuestion question, Verdict verdict, long nanos) {
        if (verdict instanceof Verdict.Refused refused) {
            filter.figures().count(Outcome.REFUSED, nanos);
            return refused(Lines.shown(refused.reason(), "refused by " + filter.plugin()));
        }
        if (verdict instanceof Verdict.Changed changed) {
            filter.figures().count(Outcome.CHANGED, nanos);
            return ShownPublication.withText(question.getPublication(), changed.text())
                    .map(FilterChain::passed)
                    .orElseGet(() -> missed(filter, question, new IllegalArgumentException("no such text"), 0));
        }
        filter.figures().count(Outcome.PASSED, nanos);
        return passed(question.getPublication());
    }

    private static FilterAnswer missed(
            ActiveFilter filter, FilterQuestion question, @Nullable Throwable failure, long nanos) {
        filter.figures().count(failure instanceof TimeoutException ? Outcome.MISSED : Outcome.FAILED, nanos);
        return filter.refuses()
                ? refused("the filter " + filter.plugin() + " did not decide, and messages do not pass without it")
                : passed(question.getPublication());
    }

    private static FilterAnswer passed(io.parley.protocol.wire.Publication publication) {
        return FilterAnswer.newBuilder().setPassed(publication).build();
    }

    private static FilterAnswer refused(String reason) {
        return FilterAnswer.newBuilder().setRefused(reason).build();
    }
}
