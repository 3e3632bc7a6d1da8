package io.parley.bridge.conversation.attach;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.LifeIndex;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Routes;
import io.parley.protocol.ConversationId;
import java.util.ArrayList;
import java.util.List;

/** Nodes with devices that are attached, and whether presence is watched: one row, which each message reads. Routes are indexed by the lives of nodes. */
public final class RouteRows implements Table {
    private final ConversationId id;
    private final ConversationRows rows;
    private final LifeIndex lives;

    /** @param lives of the partition */
    public RouteRows(ConversationId id, ConversationRows rows, LifeIndex lives) {
        this.id = id;
        this.rows = rows;
        this.lives = lives;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.RouteOpened opened) {
            List<Route> routes = routesExcept(opened.route().getSlot());
            routes.add(opened.route());
            put(routes, isWatched());
        } else if (change instanceof Change.RouteClosed closed) {
            put(routesExcept(closed.slot()), isWatched());
        } else if (change instanceof Change.WatchSet set) {
            put(routes(), set.on());
        } else {
            return false;
        }
        return true;
    }

    private void put(List<Route> routes, boolean watched) {
        index(lives, id.value(), routes(), routes);
        rows.putUnlessEmpty(
                rows.key(RowFamily.ROUTES),
                Routes.newBuilder().addAllRoutes(routes).setWatched(watched).build());
    }

    private static void index(LifeIndex lives, String id, List<Route> before, List<Route> now) {
        before.stream()
                .filter(route -> now.stream().noneMatch(other -> isOfSameLife(route, other)))
                .forEach(route -> lives.remove(route.getSlot(), route.getEpoch(), id));
        now.stream()
                .filter(route -> before.stream().noneMatch(other -> isOfSameLife(route, other)))
                .forEach(route -> lives.add(route.getSlot(), route.getEpoch(), id));
    }

    private static boolean isOfSameLife(Route one, Route other) {
        return one.getSlot() == other.getSlot() && one.getEpoch() == other.getEpoch();
    }

    /**
     * Indexes the routes of conversations whose rows are older than {@link LifeIndex}.
     *
     * @param limit the most of them
     * @return whether there are more
     */
    public static boolean indexOld(Rows rows, int limit) {
        LifeIndex lives = new LifeIndex(rows);
        String family = RowFamily.ROUTES.prefix();
        return lives.indexOld(family, limit, (key, row) -> {
            try {
                index(
                        lives,
                        key.substring(family.length()),
                        List.of(),
                        Routes.parseFrom(row).getRoutesList());
            } catch (InvalidProtocolBufferException unreadable) {
                // Whoever asks for what the row tells is told that it cannot be read.
            }
        });
    }

    private List<Route> routesExcept(int slot) {
        List<Route> routes = new ArrayList<>(routes());
        routes.removeIf(route -> route.getSlot() == slot);
        return routes;
    }

    public List<Route> routes() {
        return row().getRoutesList();
    }

    public boolean isWatched() {
        return row().getWatched();
    }

    private Routes row() {
        return rows.get(rows.key(RowFamily.ROUTES), Routes.parser(), Routes.getDefaultInstance());
    }
}
