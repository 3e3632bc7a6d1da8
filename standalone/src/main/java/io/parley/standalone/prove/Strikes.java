package io.parley.standalone.prove;

import io.parley.standalone.PlatformException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Carries out a schedule. */
public final class Strikes {
    private static final Duration BACK = Duration.ofMinutes(5);

    private final RunningProcesses processes;
    private final PrintStream progress;

    /** @param progress what strikes when, in lines for people */
    public Strikes(RunningProcesses processes, PrintStream progress) {
        this.processes = processes;
        this.progress = progress;
    }

    /**
     * Lets everything strike that was drawn; what strikes next waits until all processes can serve again.
     *
     * @throws PlatformException when one of them cannot for five minutes
     */
    public List<Struck> carryOut(Schedule schedule) throws IOException, PlatformException, InterruptedException {
        Map<Integer, List<Planned>> byTime = schedule.faults().stream()
                .collect(Collectors.groupingBy(Planned::atSeconds, TreeMap::new, Collectors.toList()));
        long startNanos = System.nanoTime();
        List<Struck> struck = new ArrayList<>();
        for (Map.Entry<Integer, List<Planned>> next : byTime.entrySet()) {
            long early = TimeUnit.SECONDS.toNanos(next.getKey()) - (System.nanoTime() - startNanos);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, early));
            struck.addAll(together(next.getValue(), (System.nanoTime() - startNanos) / 1e9));
        }
        return struck;
    }

    private List<Struck> together(List<Planned> faults, double atSeconds)
            throws IOException, PlatformException, InterruptedException {
        List<Struck> skipped = new ArrayList<>();
        List<Planned> injected = new ArrayList<>();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (Planned fault : faults) {
            Fault kind = Faults.of(fault.kind());
            Optional<String> lacks = processes.lacks(kind.need());
            progress.printf(
                    "%4.0f s  %s %s%s%s%n",
                    atSeconds,
                    fault.kind(),
                    fault.target(),
                    fault.lastsSeconds() == 0 ? "" : " for " + fault.lastsSeconds() + " s",
                    lacks.map(why -> ": skipped, " + why).orElse(""));
            if (lacks.isPresent()) {
                skipped.add(Struck.skipped(fault, lacks.get()));
            } else {
                injected.add(fault);
                running.add(CompletableFuture.runAsync(
                        () -> strike(kind, fault), task -> new Thread(task, fault.kind()).start()));
            }
        }
        if (injected.isEmpty()) {
            return skipped;
        }
        await(running);
        long overNanos = System.nanoTime();
        if (!processes.awaitAllReady(BACK)) {
            throw new PlatformException("not all processes are back " + BACK.toSeconds() + " s after "
                    + injected.stream()
                            .map(fault -> fault.kind() + " of " + fault.target())
                            .collect(Collectors.joining(" and "))
                    + ": ./parley status shows which");
        }
        double took = Math.round((System.nanoTime() - overNanos) / 1e8) / 10.0;
        progress.printf("        all can serve after %.1f s%n", took);
        List<Struck> all = new ArrayList<>(skipped);
        injected.forEach(fault -> all.add(new Struck(fault, "", took)));
        return all;
    }

    private void strike(Fault kind, Planned fault) {
        try {
            kind.strike(fault, processes);
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(List<CompletableFuture<Void>> running) throws IOException {
        try {
            CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
