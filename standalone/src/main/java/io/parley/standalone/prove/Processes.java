package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.io.IOException;

/** What faults do to the processes of a cluster. */
public interface Processes {

    /** SIGKILL; nothing if it does not run now. The supervisor starts it anew. */
    void kill(ProcessName process);

    /** SIGSTOP: its connections stay open, and nobody answers. */
    void pause(ProcessName process) throws IOException;

    /** SIGCONT. */
    void resume(ProcessName process) throws IOException;

    /** Lets time pass. */
    void waitSeconds(int seconds) throws InterruptedException;
}
