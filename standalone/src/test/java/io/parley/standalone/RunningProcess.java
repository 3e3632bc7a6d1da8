package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of a platform that has an operations port: its metrics and its memory.
 *
 * @param pid of the process
 * @param operationsPort where its metrics are
 */
record RunningProcess(long pid, int operationsPort) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final double BYTES_PER_KIB = 1024;

    /** @param role the broker or the engine */
    static RunningProcess of(Platform platform, RoleName role) {
        Port port = switch (role) {
            case BROKER -> Port.BROKER_OPERATIONS;
            case ENGINE -> Port.ENGINE_OPERATIONS;
            default -> throw new IllegalArgumentException(role + " has no operations port of its own");
        };
        return new RunningProcess(platform.pid(role), platform.addresses().of(port));
    }

    /** The sum of the samples whose line begins so. */
    double metric(String beginning) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + Addresses.HOST + ":" + operationsPort + "/metrics");
        String metrics = HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher samples = Pattern.compile("(?m)^" + Pattern.quote(beginning) + ".* (\\S+)$")
                .matcher(metrics);
        return samples.results()
                .mapToDouble(sample -> Double.parseDouble(sample.group(1)))
                .sum();
    }

    /** What is in use after a full collection. */
    double heapKibAfterCollection() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process collection = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(collection.waitFor()).isZero();
        return metric("jvm_memory_used_bytes{area=\"heap\"") / BYTES_PER_KIB;
    }

    /** What the process takes from the machine. */
    long residentKib() throws IOException {
        return ResidentMemory.kib(pid);
    }
}
