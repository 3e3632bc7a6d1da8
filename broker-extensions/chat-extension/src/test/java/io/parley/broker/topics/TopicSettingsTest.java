package io.parley.broker.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.broker.Unhurried;
import io.parley.identity.TopicClaims;
import io.parley.runtime.BadSetting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicSettingsTest {
    @Test
    void without_a_prefix_no_topic_is_beside_the_chat() {
        TopicSettings off = Unhurried.topics(Map.of()).settings();

        assertThat(off.isOn()).isFalse();
        assertThat(off.isOrdinary("telemetry/a")).isFalse();
    }

    @Test
    void the_chat_is_never_beside_itself() {
        TopicSettings all = Unhurried.topics(Map.of("prefixes", "#")).settings();

        assertThat(all.isOrdinary("a/b")).isTrue();
        assertThat(all.isOrdinary("#")).isTrue();
        assertThat(all.isOrdinary("chat/alice~bob/msg")).isFalse();
        assertThat(all.isOrdinary("$share/g/chat/alice~bob/msg")).isFalse();
        assertThat(all.isOrdinary("user/#")).isFalse();
        assertThat(all.isOrdinary("$SYS/a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "user/alice", "a/#", "+", "a,,b", "$SYS"})
    void a_bad_prefix_names_its_key(String prefixes) {
        assertThatThrownBy(() -> Unhurried.topics(Map.of("prefixes", prefixes)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.mqtt.topics.prefixes");
    }

    @Test
    void what_is_open_lies_below_a_prefix() {
        assertThatThrownBy(() -> Unhurried.topics(Map.of("prefixes", "telemetry", "open", "plant")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.mqtt.topics.open");
    }

    @Test
    void rules_survive_their_text_form_and_need_all_of_a_filter() {
        TopicRules rules = TopicRules.of(new TopicClaims(List.of("a/+", "b c/#", "x\ny"), List.of("d/#")));

        assertThat(TopicRules.parse(rules.text())).isEqualTo(rules);
        assertThat(TopicRules.parse(TopicRules.NONE.text())).isEqualTo(TopicRules.NONE);
        assertThat(rules.mayPublish("b c/d")).isTrue();
        assertThat(rules.mayPublish("d/e")).isFalse();
        assertThat(rules.maySubscribe("$share/g/d/e")).isTrue();
        assertThat(rules.maySubscribe("a/+")).isFalse();
    }

    @Test
    void a_connection_and_a_node_have_bounds() {
        TopicLoad load = Unhurried.topics(Map.of(
                "prefixes",
                "t",
                "subscriptions-of-a-connection",
                "2",
                "retained-messages",
                "5",
                "retained-message-bytes",
                "3"));
        TopicGuard guard = new TopicGuard(load, TopicRules.of(new TopicClaims(List.of("t/#"), List.of("t/#"))));

        assertThat(guard.subscribe("t/1")).isNull();
        assertThat(guard.subscribe("t/2")).isNull();
        assertThat(guard.subscribe("t/2")).isNull();
        assertThat(guard.subscribe("t/3")).extracting(TopicRefusal::kind).isEqualTo(TopicRefusal.Kind.FULL);
        guard.unsubscribe("t/1");
        assertThat(guard.subscribe("t/3")).isNull();
        assertThat(guard.publish("t/1", true, 4)).extracting(TopicRefusal::kind).isEqualTo(TopicRefusal.Kind.TOO_LARGE);
        assertThat(guard.publish("t/1", false, 4)).isNull();
        load.countedBy(kind -> kind == TopicLoad.Kind.RETAINED ? 5 : 0);
        assertThat(guard.publish("t/1", true, 3)).extracting(TopicRefusal::kind).isEqualTo(TopicRefusal.Kind.FULL);
        assertThat(guard.publish("t/1", true, 0)).as("clears one").isNull();
    }
}
