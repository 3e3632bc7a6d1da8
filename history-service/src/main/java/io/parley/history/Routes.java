package io.parley.history;

import io.javalin.config.RoutesConfig;

/** A class of the API's calls. */
interface Routes {
    /** Adds them; a call's name in the metrics is set with {@link HistoryServer#named}. */
    void add(RoutesConfig routes);
}
