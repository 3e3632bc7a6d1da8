package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.demo.DemoTarget;
import io.parley.demo.HistoryClient;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Request;
import java.net.URI;
import java.time.Duration;

/** What tests of a conversation need: devices in it, what they got, and its history. */
abstract class ConversationChecks {
    static final Duration LIMIT = Duration.ofSeconds(30);

    private final Platform platform;

    ConversationChecks(Platform platform) {
        this.platform = platform;
    }

    Platform platform() {
        return platform;
    }

    HiveDevice device(UserId user, String name, ConversationId conversation) throws Exception {
        HiveDevice device = HiveDevice.connect(platform, user + "/" + name);
        device.subscribe(conversation);
        return device;
    }

    static Request named(Request.Builder request) {
        return request.setRequestId(request.getRequestCase().name()).build();
    }

    static void awaitEvents(HiveDevice device, int count) {
        await().atMost(LIMIT).until(() -> device.count() >= count);
        assertThat(device.count()).isEqualTo(count);
    }

    void awaitHead(UserId user, ConversationId conversation, int head) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> history(user).after(conversation, 0).getHead() == head);
    }

    HistoryClient history(UserId user) {
        String host = "//" + Addresses.HOST + ":";
        DemoTarget target = new DemoTarget(
                URI.create("tcp:" + host + platform.addresses().mqtt()),
                URI.create("http:" + host + platform.addresses().http()),
                whom -> platform.token(whom, Duration.ofMinutes(10)));
        return new HistoryClient(target, user);
    }
}
