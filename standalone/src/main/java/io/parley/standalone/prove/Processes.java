package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/** What faults do to the processes of a cluster. */
public interface Processes {

    /** What the machine must have for a fault. */
    enum Need {
        NOTHING,
        /** Rules about packets, by process. */
        FIREWALL,
        /** Limits of a process that runs. */
        FILE_LIMIT
    }

    /** Ends what was begun. */
    interface Healing {
        void close() throws IOException;
    }

    /** Why the machine does not have it, and what to do; empty if it has. */
    Optional<String> lacks(Need need);

    /** SIGKILL; nothing if it does not run now. The supervisor starts it anew. */
    void kill(ProcessName process);

    /** SIGTERM; nothing if it does not run now. The supervisor starts it anew. */
    void stop(ProcessName process);

    /** SIGSTOP: its connections stay open, and nobody answers. */
    void pause(ProcessName process) throws IOException;

    /** SIGCONT. */
    void resume(ProcessName process) throws IOException;

    /** Drops packets between the process and those of that role, itself excepted, until it is healed. */
    Healing sever(ProcessName process, RoleName from, Direction direction) throws IOException;

    /** Loses some of the packets that come to the processes' listeners or go from there, until it is healed. */
    Healing lose(int percent, Collection<ProcessName> processes) throws IOException;

    /** No file of the process can grow, nor of the one that is started in its place, until it is healed. */
    Healing fillDisk(ProcessName process) throws IOException;

    /** Lets time pass. */
    void waitSeconds(int seconds) throws InterruptedException;

    /** Lets time pass, and heals. */
    default void hold(Healing begun, int seconds) throws IOException, InterruptedException {
        try {
            waitSeconds(seconds);
        } finally {
            begun.close();
        }
    }
}
