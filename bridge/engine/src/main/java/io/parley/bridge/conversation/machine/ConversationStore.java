package io.parley.bridge.conversation.machine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.LifeIndex;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Overdue;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.conversation.admission.AdmissionRows;
import io.parley.bridge.conversation.blocking.BlockedPairs;
import io.parley.bridge.conversation.notify.NotifyRows;
import io.parley.bridge.conversation.pin.PinRows;
import io.parley.bridge.conversation.window.MemberMentions;
import io.parley.bridge.conversation.window.MessageMarks;
import io.parley.bridge.conversation.window.MessageWindow;
import io.parley.bridge.conversation.window.SentIdWindow;
import io.parley.bridge.conversation.window.Sweep;
import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Declined;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Notified;
import io.parley.bridge.state.Notifying;
import io.parley.bridge.state.Pin;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Profile;
import io.parley.bridge.state.PurgeDue;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Routes;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Waking;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's rows, and the only code that changes them. A message touches the head, its sender's counters and one bucket of ids, and
 * each 32nd a row of the message window; it reads the routes and never the member list.
 */
public final class ConversationStore implements ConversationState {
    /** What a member's user machine was told to be unread; no row: nothing. */
    public static final char TOLD = 'f';

    private static final char ROUTES = 'r';
    private static final String UNTOLD = "u|";
    private static final String PURGE_DUE = "y|";

    private final ConversationId id;
    private final ConversationRows rows;
    private final LifeIndex lives;
    private final SentIdWindow sentIds;
    private final MessageWindow window;
    private final MessageMarks marks;
    private final MemberMentions mentions;
    private final EventProjection events;
    private final BlockedPairs blocks;
    private final AdmissionRows admission;
    private final NotifyRows notify;
    private final PinRows pins;
    private final DueRows due;

    /**
     * What time brings to a conversation.
     *
     * @param sweep rows whose window is over are dropped; else it is to be seen what all have
     */
    public record Due(ConversationId id, boolean sweep) {}

    /** @param rows shared by all conversations of a partition; every key here names the conversation */
    public ConversationStore(ConversationId id, Rows rows) {
        this.id = id;
        this.rows = new ConversationRows(id, rows);
        this.lives = new LifeIndex(rows);
        this.sentIds = new SentIdWindow(id, rows);
        this.window = new MessageWindow(id, rows);
        this.marks = new MessageMarks(id, rows);
        this.mentions = new MemberMentions(id, this.rows);
        this.blocks = new BlockedPairs(this.rows);
        this.admission = new AdmissionRows(this.rows);
        this.notify = new NotifyRows(this.rows);
        this.due = new DueRows(id, this.rows);
        this.pins = new PinRows(this.rows);
        this.events = new EventProjection(this.rows, sentIds, window, marks, blocks, mentions, notify, pins);
    }

    /** Carries out a change. */
    public void apply(Change change) {
        if (change instanceof Change.Sequenced sequenced) {
            events.apply(sequenced.event());
        } else if (change instanceof Change.IdTaken taken) {
            sentIds.add(taken.sender(), taken.device(), taken.messageId(), taken.atSeconds());
        } else if (change instanceof Change.RouteOpened opened) {
            List<Route> routes = routesExcept(opened.route().getSlot());
            routes.add(opened.route());
            putRoutes(routes, isWatched());
        } else if (change instanceof Change.RouteClosed closed) {
            putRoutes(routesExcept(closed.slot()), isWatched());
        } else if (change instanceof Change.WatchSet set) {
            putRoutes(routes(), set.on());
            if (!set.on()) {
                rows.keys(rows.key('s')).forEach(rows::delete);
            }
        } else if (change instanceof Change.CursorMoved moved) {
            rows.put(rows.key('c', moved.user().value(), moved.device()), moved.position());
        } else if (change instanceof Change.DeviceForgotten forgotten) {
            rows.delete(rows.key('c', forgotten.user().value(), forgotten.device()));
        } else if (change instanceof Change.PointersMoved moved) {
            rows.put(rows.key('p', moved.user().value()), moved.pointers());
        } else if (change instanceof Change.WakeAsked asked) {
            rows.put(
                    rows.key('q', asked.user().value()),
                    Waking.newBuilder()
                            .setSignals(asked.signals())
                            .setCounted(true)
                            .build());
        } else if (change instanceof Change.Woken woken) {
            rows.delete(rows.key('q', woken.user().value()));
        } else if (change instanceof Change.CountTold told) {
            rows.putUnlessEmpty(
                    rows.key(TOLD, told.user().value()), told.unread().row());
        } else if (change instanceof Change.PresenceSeen seen) {
            rows.put(rows.key('s', seen.presence().getUser()), seen.presence());
        } else if (change instanceof Change.DiscreetSet set) {
            rows.putUnlessEmpty(rows.key('d'), set.discreet());
        } else if (change instanceof Change.BlockersSet set) {
            rows.putUnlessEmpty(rows.key('k'), set.blockers());
        } else if (change instanceof Change.PairBlocked pair) {
            blocks.set(pair.by(), pair.user(), pair.blocked());
        } else if (change instanceof Change.BlocksAny set) {
            blocks.setAny(set.by(), set.any());
        } else if (change instanceof Change.PurgeDueSet set) {
            due.move(DueRows.Kind.PURGE, purgeDueMillis(), set.atMillis());
            rows.putUnlessEmpty(
                    PURGE_DUE + id,
                    PurgeDue.newBuilder().setAtMillis(set.atMillis()).build());
        } else if (change instanceof Change.Purged purged) {
            rows.putHead(rows.head().toBuilder().setPurged(purged.through()).build());
            pins.dropThrough(purged.through());
        } else if (change instanceof Change.SweepSet set) {
            due.move(DueRows.Kind.SWEEP, rows.head().getSweepDueMillis(), set.dueMillis());
            rows.putHead(rows.head().toBuilder()
                    .setSweepDueMillis(set.dueMillis())
                    .setSwept(set.swept())
                    .setSweepThrough(set.through())
                    .build());
        } else if (change instanceof Change.RowsDropped dropped) {
            dropped.keys().forEach(rows::delete);
            sentIds.dropped();
        } else if (change instanceof Change.Pinned pinned) {
            pins.add(pinned.pin());
        } else if (change instanceof Change.PinsExpired expired) {
            pins.dropThrough(expired.through());
        } else if (change instanceof Change.UntoldSet set) {
            rows.putUnlessEmpty(UNTOLD + id, set.untold());
        } else if (!admission.apply(change) && !notify.apply(change)) {
            throw new IllegalArgumentException("unknown change " + change);
        }
    }

    private void putRoutes(List<Route> routes, boolean watched) {
        index(lives, id.value(), routes(), routes);
        rows.putUnlessEmpty(
                rows.key(ROUTES),
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
    public static boolean indexOldRoutes(Rows rows, int limit) {
        LifeIndex lives = new LifeIndex(rows);
        return lives.indexOld(ROUTES + "|", limit, (key, row) -> {
            try {
                index(lives, key.substring(2), List.of(), Routes.parseFrom(row).getRoutesList());
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

    @Override
    public ConversationId id() {
        return id;
    }

    @Override
    public Head head() {
        return rows.head();
    }

    @Override
    public @Nullable Member member(UserId user) {
        if (id.isDirect()) {
            return id.isDirectMember(user)
                    ? Member.newBuilder().setRole(Role.MEMBER).setJoined(1).build()
                    : null;
        }
        return rows.get(rows.key('m', user.value()), Member.parser());
    }

    @Override
    public List<UserId> members() {
        if (id.isDirect()) {
            return List.of(id.first(), id.second());
        }
        String prefix = rows.key('m');
        return rows.keys(prefix).stream()
                .map(key -> UserId.parse(key.substring(prefix.length() + 1)))
                .toList();
    }

    @Override
    public List<UserId> members(String after, int limit) {
        String prefix = rows.key('m', "");
        // The least key that is greater.
        String from = prefix + after + Character.MIN_VALUE;
        return rows.keys(from, prefix + Character.MAX_VALUE, limit).stream()
                .map(key -> UserId.parse(key.substring(prefix.length())))
                .toList();
    }

    @Override
    public List<Route> routes() {
        return routesRow().getRoutesList();
    }

    private Routes routesRow() {
        return rows.get(rows.key(ROUTES), Routes.parser(), Routes.getDefaultInstance());
    }

    @Override
    public boolean isWatched() {
        return routesRow().getWatched();
    }

    @Override
    public boolean isTaken(UserId sender, String messageId, long nowMillis) {
        return sentIds.contains(sender, messageId, nowMillis / 1000);
    }

    @Override
    public @Nullable Said said(int seq) {
        Head head = head();
        return seq <= head.getPurged() ? null : window.find(head, seq);
    }

    @Override
    public List<Integer> edits(int seq) {
        return marks.edits(seq);
    }

    @Override
    public List<String> reactions(int seq, UserId user) {
        return marks.reactions(seq, user);
    }

    @Override
    public Map<UserId, Unread> unread(Collection<Unread.Reader> readers, Unread.Gone gone) {
        return window.unread(head(), readers, mentions::of, gone);
    }

    @Override
    public Unread told(UserId user) {
        return Unread.of(
                rows.get(rows.key(TOLD, user.value()), UnreadCount.parser(), UnreadCount.getDefaultInstance()));
    }

    @Override
    public List<Pin> pins() {
        return pins.all();
    }

    @Override
    public Profile profile() {
        return rows.get(rows.key('g'), Profile.parser(), Profile.getDefaultInstance());
    }

    @Override
    public @Nullable Position position(UserId user, String device) {
        return rows.get(rows.key('c', user.value(), device), Position.parser());
    }

    @Override
    public List<Position> positions(UserId user) {
        List<Position> positions = new ArrayList<>();
        for (String key : rows.keys(rows.key('c', user.value()))) {
            Position position = rows.get(key, Position.parser());
            if (position != null) {
                positions.add(position);
            }
        }
        return positions;
    }

    @Override
    public long purgeDueMillis() {
        return rows.get(PURGE_DUE + id, PurgeDue.parser(), PurgeDue.getDefaultInstance())
                .getAtMillis();
    }

    @Override
    public Overdue sweep(String after, Overdue.Windows windows) {
        return new Sweep(rows, window, sentIds, windows).slice(after);
    }

    /** What is due in these rows at that time, the earliest first. No row is read: one may be unreadable. */
    public static List<Due> due(Rows rows, long nowMillis, int limit) {
        return DueRows.due(rows, nowMillis, limit);
    }

    /** The conversations of these rows that have a time at which it is to be seen what all have. No row is read: one may be unreadable. */
    public static List<ConversationId> withPurgeDue(Rows rows) {
        return ids(rows, PURGE_DUE).toList();
    }

    /** Whether that conversation has one. No row is read. */
    public static boolean hasPurgeDue(ConversationId id, Rows rows) {
        return rows.get(PURGE_DUE + id) != null;
    }

    @Override
    public Pointers pointers(UserId user) {
        return rows.get(rows.key('p', user.value()), Pointers.parser(), Pointers.getDefaultInstance());
    }

    @Override
    public Map<UserId, Waking> waking() {
        String prefix = rows.key('q');
        Map<UserId, Waking> waking = new TreeMap<>();
        for (String key : rows.keys(prefix)) {
            waking.put(
                    UserId.parse(key.substring(prefix.length() + 1)),
                    rows.get(key, Waking.parser(), Waking.getDefaultInstance()));
        }
        return waking;
    }

    @Override
    public @Nullable Waking waking(UserId user) {
        return rows.get(rows.key('q', user.value()), Waking.parser());
    }

    @Override
    public @Nullable Presence presence(UserId user) {
        return rows.get(rows.key('s', user.value()), Presence.parser());
    }

    @Override
    public Users discreet() {
        return rows.get(rows.key('d'), Users.parser(), Users.getDefaultInstance());
    }

    @Override
    public Users blockers() {
        return rows.get(rows.key('k'), Users.parser(), Users.getDefaultInstance());
    }

    @Override
    public boolean blocksAny(UserId by) {
        return blocks.blocksAny(by);
    }

    @Override
    public boolean blocks(UserId by, String user) {
        return blocks.has(by, user);
    }

    @Override
    public @Nullable Asking asking(UserId user) {
        return admission.asking(user);
    }

    @Override
    public boolean hasDeclined(UserId user) {
        return admission.hasDeclined(user);
    }

    @Override
    public Map<UserId, Declined> declined(int limit) {
        return admission.declined(limit);
    }

    @Override
    public @Nullable Notifying notifying(UserId user) {
        return notify.notifying(user);
    }

    @Override
    public @Nullable Notified notified(UserId user) {
        return notify.notified(user);
    }

    @Override
    public Map<UserId, Notifying> notifying(String after, int limit) {
        return notify.notifying(after, limit);
    }

    @Override
    public List<UserId> toldEach(String after, int limit) {
        return notify.toldEach(after, limit);
    }

    /** The conversations of two of these rows that ask whether they may begin, or may. No row is read: one may be unreadable. */
    public static List<ConversationId> asking(Rows rows) {
        return AdmissionRows.asking(rows);
    }

    /** Whether members of that group declined. No row is read. */
    public static boolean hasDeclined(ConversationId id, Rows rows) {
        return AdmissionRows.hasDeclined(id, rows);
    }

    /** The groups of these rows with members who declined. No row is read: one may be unreadable. */
    public static List<ConversationId> withDeclined(Rows rows) {
        return AdmissionRows.declined(rows);
    }

    @Override
    public Map<UserId, Set<String>> blocked() {
        return blocks.all();
    }

    @Override
    public Untold untold() {
        return rows.get(UNTOLD + id, Untold.parser(), Untold.getDefaultInstance());
    }

    /** Whether devices are still to be told something. */
    public boolean hasUntold() {
        return untold().getSerializedSize() > 0;
    }

    /** The conversations of these rows whose devices are still to be told something. */
    public static List<ConversationId> untold(Rows rows) {
        return ids(rows, UNTOLD).toList();
    }

    private static Stream<ConversationId> ids(Rows rows, String prefix) {
        return rows.keys(prefix).stream().map(key -> ConversationId.parse(key.substring(prefix.length())));
    }
}
