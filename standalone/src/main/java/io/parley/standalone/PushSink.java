package io.parley.standalone;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How the push service is told to send to the counterparts on this machine, and to nobody else: the role {@link RoleName#PUSH_SINK}. That process makes the keys; which
 * files they are in is agreed upon with {@code parley.push-sink} in the push service's {@code reference.conf}.
 */
public final class PushSink {
    /** Where clients find what was accepted, one JSON object a line; unset on a platform without a sink. */
    public static final String FILE_VARIABLE = "PARLEY_PUSH_SINK_FILE";

    private static final String KEY_ID = "PARLEYSINK";
    private static final String TEAM_ID = "PARLEYTEAM";

    private PushSink() {}

    static Map<String, String> environment(Addresses at, Path data) {
        Path keys = data.resolve("push-sink");
        Map<String, String> all = new HashMap<>();
        all.put(FILE_VARIABLE, data.resolve("push-sink.jsonl").toString());
        all.put("PARLEY_PUSH_APNS_TOPICS", "*");
        all.put("PARLEY_PUSH_APNS_DEFAULT_TOPIC", "chat.parley.example");
        all.put("PARLEY_PUSH_APNS_KEY_FILE", keys.resolve("apns.p8").toString());
        all.put("PARLEY_PUSH_APNS_KEY_ID", KEY_ID);
        all.put("PARLEY_PUSH_APNS_TEAM_ID", TEAM_ID);
        all.put("PARLEY_PUSH_APNS_CERTIFICATE_FILE", "");
        for (String server : new String[] {"PARLEY_PUSH_APNS_PRODUCTION_", "PARLEY_PUSH_APNS_SANDBOX_"}) {
            // The name in its certificate.
            all.put(server + "HOST", "localhost");
            all.put(server + "PORT", String.valueOf(at.of(Port.PUSH_SINK_APNS)));
            all.put(
                    server + "TRUSTED_CERTIFICATES",
                    keys.resolve("apns-certificate.pem").toString());
        }
        all.put("PARLEY_PUSH_FCM_SERVICE_ACCOUNTS", keys.resolve("fcm.json").toString());
        all.put("PARLEY_PUSH_FCM_ENDPOINT", "http://" + Addresses.HOST + ":" + at.of(Port.PUSH_SINK_FCM));
        all.put("PARLEY_PUSH_WEB_PUSH_VAPID_KEY", keys.resolve("vapid.pem").toString());
        all.put("PARLEY_PUSH_WEB_PUSH_SUBJECT", "mailto:push@parley.example");
        all.put("PARLEY_PUSH_WEB_PUSH_HOSTS", Addresses.HOST);
        all.put("PARLEY_PUSH_WEB_PUSH_LOCAL_ENDPOINTS", "true");
        return all;
    }
}
