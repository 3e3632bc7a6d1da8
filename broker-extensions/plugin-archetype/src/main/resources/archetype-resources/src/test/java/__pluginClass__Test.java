package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.parley.plugin.ChatClient;
import io.parley.plugin.EventSubscriber;
import io.parley.plugin.FilterTerms;
import io.parley.plugin.PluginContext;
import io.parley.plugin.Publication;
import io.parley.plugin.PublishFilter;
import io.parley.plugin.RequestHandler;
import io.parley.plugin.SubscriptionTerms;
import io.parley.plugin.Verdict;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Starts the plugin as Parley does, without Parley. */
class ${pluginClass}Test implements PluginContext {
    private PublishFilter filter;

    private Verdict decide(String text) throws Exception {
        new ${pluginClass}().start(this);
        return filter.filter(new Publication(
                        "ann~ben",
                        "ann",
                        "phone",
                        "m1",
                        Publication.Kind.MESSAGE,
                        Optional.of(text),
                        "",
                        Map.of()))
                .toCompletableFuture()
                .get();
    }

    @Test
    void messages_that_begin_with_an_exclamation_mark_are_written_in_capitals() throws Exception {
        assertEquals(Verdict.changeText("HELLO"), decide("!hello"));
        assertEquals(Verdict.pass(), decide("hello"));
    }

    @Test
    void who_shouts_without_it_is_refused() throws Exception {
        assertEquals(Verdict.refuse("do not shout"), decide("CAN ANYBODY HEAR ME?"));
    }

    @Override
    public String id() {
        return "${artifactId}";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("longest", "10");
    }

    @Override
    public void filter(PublishFilter registered, FilterTerms terms) {
        filter = registered;
    }

    @Override
    public void subscribe(String name, EventSubscriber subscriber, SubscriptionTerms terms) {}

    @Override
    public void handle(String kind, RequestHandler handler) {}

    @Override
    public ChatClient client(String bot) {
        throw new IllegalArgumentException("no bots in this test");
    }
}
