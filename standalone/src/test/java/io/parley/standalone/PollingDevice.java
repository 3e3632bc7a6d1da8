package io.parley.standalone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.parley.audit.Acknowledgement;
import io.parley.audit.Cut;
import io.parley.audit.Delivered;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.audit.Recorder;
import io.parley.protocol.ConversationId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A device that polls, and records for the audit what it gets of one conversation. A call that fails is made again, with the same cursor. */
final class PollingDevice {
    private final HttpCaller http;
    private final String user;
    private final String device;
    private final String topic;
    private final Recorder recorder;
    private final Set<Integer> acknowledged = new HashSet<>();
    private final List<Integer> handed = new ArrayList<>();
    private final List<Integer> seqs = new ArrayList<>();
    private final List<Integer> repeated = new ArrayList<>();
    private String cursor = "";
    private int connection = 1;

    PollingDevice(Platform platform, String user, String device, ConversationId conversation, Recorder recorder) {
        this.http = new HttpCaller(platform, user);
        this.user = user;
        this.device = device;
        this.topic = "chat/" + conversation + "/msg";
        this.recorder = recorder;
    }

    /** Asks once; what it has by its cursor is acknowledged when an answer comes. */
    int poll(int waitSeconds) throws IOException, InterruptedException {
        HttpCaller.Answer answer = http.get(
                "/v1/poll?device=" + device + "&wait=" + waitSeconds + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
        if (answer.status() == 200 || answer.status() == 204) {
            handed.forEach(seq -> {
                acknowledged.add(seq);
                recorder.acknowledgement(new Acknowledgement(user + "/" + device, connection, seq, System.nanoTime()));
            });
            handed.clear();
        }
        if (answer.status() == 200) {
            cursor = answer.body().get("cursor").getAsString();
            answer.body().getAsJsonArray("events").forEach(this::take);
        }
        return answer.status();
    }

    private void take(JsonElement event) {
        JsonObject happening = event.getAsJsonObject();
        JsonObject payload = happening.getAsJsonObject("payload");
        if (!happening.get("topic").getAsString().equals(topic)) {
            return;
        }
        int seq = payload.get("seq").getAsInt();
        if (acknowledged.contains(seq)) {
            repeated.add(seq);
        }
        handed.add(seq);
        seqs.add(seq);
        recorder.delivered(new Delivered(user + "/" + device, user, connection, entry(payload)));
    }

    /** A message as a page of history or an event has it. */
    static Entry entry(JsonObject message) {
        String text = message.has("text") ? message.get("text").getAsString() : "";
        return new Entry(
                message.get("seq").getAsInt(),
                message.get("id").getAsString(),
                message.get("from").getAsString(),
                Fingerprint.of(text),
                Fingerprint.of(message.toString()));
    }

    /** Its connection is gone; it goes on with its cursor. */
    void cut() {
        recorder.cut(new Cut(user + "/" + device, connection, System.nanoTime()));
        connection++;
    }

    String cursor() {
        return cursor;
    }

    /** Another transport of the device got as far as that cursor. */
    void goOn(String reached) {
        cut();
        cursor = reached;
    }

    /** What it got, in order. */
    List<Integer> seqs() {
        return seqs;
    }

    /** The seqs that came although they had been acknowledged. */
    List<Integer> repeated() {
        return repeated;
    }

    /** How many different messages it got and acknowledged. */
    int count() {
        return acknowledged.size();
    }
}
