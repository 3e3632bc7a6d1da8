package io.parley.history;

import io.parley.history.page.PageRoutes;
import io.parley.history.polling.CursorSeal;
import io.parley.storage.UserReads;
import java.util.List;
import java.util.concurrent.Executor;

/** Every class of calls that the service has, but those of attachments. */
final class ApiRoutes {
    private ApiRoutes() {}

    /**
     * What serves the calls.
     *
     * @param askers tells who asks
     * @param reads what is stored
     * @param chats the log
     * @param seal reads cursors
     * @param answering writes answers
     */
    record Serving(Askers askers, UserReads reads, ChatSource chats, CursorSeal seal, Executor answering) {}

    static List<Routes> all(HistorySettings settings, Serving serving) {
        Askers askers = serving.askers();
        ChatSource chats = serving.chats();
        Executor answering = serving.answering();
        return List.of(
                new DocRoutes(),
                added -> PageRoutes.add(added, settings.page()),
                new HistoryApi(askers, serving.reads(), chats, settings.timeout(), answering),
                new PostRoutes(askers, chats, settings.timeout(), answering),
                new OperatorRoutes(settings.node().operatorKey(), chats, settings.timeout()),
                new PollRoutes(askers, chats, serving.seal(), settings.node().polls().stream(), answering));
    }
}
