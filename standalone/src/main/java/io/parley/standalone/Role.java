package io.parley.standalone;

import java.util.Map;

/**
 * How one process of the platform is run.
 *
 * @param process which it is
 * @param module the folder of its module; its class path is {@code target/*.jar} and {@code target/lib/*.jar} there, and a {@code
 *     jvm.options} there goes on its command line
 * @param mainClass fully qualified
 * @param heapMiB the JVM's heap limit
 * @param environment what it gets besides the supervisor's own environment
 * @param readiness whether it can serve
 * @param wave roles of one wave start together, after those of the waves before are ready
 */
public record Role(
        ProcessName process,
        String module,
        String mainClass,
        int heapMiB,
        Map<String, String> environment,
        Readiness readiness,
        int wave) {

    public Role {
        environment = Map.copyOf(environment);
    }

    /** A role that its platform has once. */
    public Role(
            RoleName name,
            String module,
            String mainClass,
            int heapMiB,
            Map<String, String> environment,
            Readiness readiness,
            int wave) {
        this(ProcessName.only(name), module, mainClass, heapMiB, environment, readiness, wave);
    }

    public RoleName name() {
        return process.role();
    }
}
