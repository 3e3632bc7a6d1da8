package io.parley.standalone.cli;

import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "Shows the platform's processes, their health, memory and addresses; exit code 1 unless all are ready.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException {
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
        for (RoleName role : platform.roles()) {
            boolean ready = platform.isReady(role);
            allReady &= ready;
            Optional<ProcessHandle> process = platform.process(role);
            long miB = process.map(handle -> residentMiB(handle.pid())).orElse(0L);
            totalMiB += miB;
            String pid = process.map(handle -> String.valueOf(handle.pid())).orElse("-");
            System.out.printf("  %-11s %8s  %-10s %8d%n", role, pid, ready ? "ready" : "NOT READY", miB);
        }
        System.out.printf("  %-11s %8s  %-10s %8d%n", "total", "", "", totalMiB);
        UpCommand.print(platform.addresses(), platform.roles(), System.out::println);
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
