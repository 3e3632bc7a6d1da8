package io.parley.standalone.cli;

import io.parley.standalone.ClientProgram;
import io.parley.standalone.Installation;
import io.parley.standalone.Plan;
import io.parley.standalone.PlatformException;
import io.parley.standalone.ProcessName;
import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the processes of a platform; exit code 0 only if all are ready. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows the platform's processes, their health, memory and addresses; of a cluster also its slots and what ./parley servers shows."
                        + " The exit code is 1 unless all are ready.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Path directory = data.directory();
        Optional<RunningPlatform> running = RunningPlatform.on(directory);
        if (running.isEmpty()) {
            System.out.println("nothing runs on " + directory + ": start it with ./parley up");
            return 1;
        }
        RunningPlatform platform = running.get();
        System.out.println("Parley on " + directory);
        System.out.printf("  %-11s %8s  %-10s %8s%n", "process", "pid", "health", "RSS MiB");
        boolean allReady = true;
        long totalMiB = residentMiB(platform.supervisorPid());
        System.out.printf("  %-11s %8d  %-10s %8d%n", "supervisor", platform.supervisorPid(), "-", totalMiB);
        Plan plan = platform.plan();
        for (ProcessName role : plan.processes()) {
            boolean ready = platform.isReady(role);
            allReady &= ready;
            Optional<ProcessHandle> process = platform.process(role);
            long miB = process.map(handle -> residentMiB(handle.pid())).orElse(0L);
            totalMiB += miB;
            String pid = process.map(handle -> String.valueOf(handle.pid())).orElse("-");
            System.out.printf(
                    "  %-11s %8s  %-10s %8d%s%n",
                    role,
                    pid,
                    ready ? "ready" : "NOT READY",
                    miB,
                    plan.slot(role).map(slot -> "  slot " + slot).orElse(""));
        }
        System.out.printf("  %-11s %8s  %-10s %8d%n", "total", "", "", totalMiB);
        plan.describe(System.out::println);
        if (plan.isCluster()) {
            allReady &= ClientProgram.SERVERS.run(Installation.find(), List.of(), platform.environment()) == 0;
        }
        return allReady ? 0 : 1;
    }

    /** Resident memory by the system's account, 0 where it gives none. */
    private static long residentMiB(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
