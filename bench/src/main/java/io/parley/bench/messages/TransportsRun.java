package io.parley.bench.messages;

import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.ServerProcesses;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.protocol.WireFormat;
import java.io.PrintStream;

/** The same load on the same platform, first by MQTT and then by HTTP: so the CPU time of each is known. */
public final class TransportsRun implements LoadRun {
    private final MessageRun mqtt;
    private final MessageRun http;
    private final PrintStream progress;

    /**
     * @param progress what goes on, in lines for people
     * @throws IllegalArgumentException if the load is in another encoding than JSON
     */
    public TransportsRun(DemoTarget target, Load load, ServerProcesses processes, PrintStream progress) {
        if (load.encoding() != WireFormat.JSON) {
            throw new IllegalArgumentException("--http is JSON only: polls have no other encoding");
        }
        this.mqtt = new MessageRun(target, load, Transport.MQTT, processes, progress);
        this.http = new MessageRun(target, load, Transport.HTTP, processes, progress);
        this.progress = progress;
    }

    @Override
    public TransportsResult run() throws DeviceException {
        progress.println("by MQTT:");
        MessageResult first = mqtt.run();
        progress.println("by HTTP:");
        return new TransportsResult(first, http.run());
    }
}
