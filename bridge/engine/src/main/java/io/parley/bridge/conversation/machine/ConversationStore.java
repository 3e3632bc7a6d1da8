package io.parley.bridge.conversation.machine;

import io.parley.bridge.LifeIndex;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.DueRows;
import io.parley.bridge.conversation.Overdue;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.conversation.admission.AdmissionRows;
import io.parley.bridge.conversation.attach.PositionRows;
import io.parley.bridge.conversation.attach.RouteRows;
import io.parley.bridge.conversation.blocking.BlockedPairs;
import io.parley.bridge.conversation.blocking.BlockerRows;
import io.parley.bridge.conversation.dormancy.SweepRows;
import io.parley.bridge.conversation.notify.NotifyRows;
import io.parley.bridge.conversation.pin.PinRows;
import io.parley.bridge.conversation.retention.PurgeRows;
import io.parley.bridge.conversation.settings.SettingRows;
import io.parley.bridge.conversation.signal.SignalRows;
import io.parley.bridge.conversation.unread.ToldRows;
import io.parley.bridge.conversation.wake.WakeRows;
import io.parley.bridge.conversation.window.MessageRows;
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
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Waking;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Role;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's rows: the tables of all features. A message touches the head, its sender's counters and one bucket of ids, and
 * each 32nd a row of the message window; it reads the routes and never the member list.
 */
public final class ConversationStore implements ConversationState {
    private final ConversationId id;
    private final ConversationRows rows;
    private final MessageRows messages;
    private final SettingRows settings;
    private final RouteRows routes;
    private final PositionRows positions;
    private final SignalRows signals;
    private final WakeRows waking;
    private final ToldRows told;
    private final NotifyRows notify;
    private final BlockedPairs blocks;
    private final BlockerRows blockers;
    private final AdmissionRows admission;
    private final PinRows pins;
    private final PurgeRows purge;
    private final List<Table> tables;
    private final EventProjection events;

    /** @param rows shared by all conversations of a partition; every key here names the conversation */
    public ConversationStore(ConversationId id, Rows rows) {
        this.id = id;
        this.rows = new ConversationRows(id, rows);
        DueRows due = new DueRows(id, this.rows);
        this.messages = new MessageRows(id, this.rows, rows);
        this.settings = new SettingRows(this.rows);
        this.routes = new RouteRows(id, this.rows, new LifeIndex(rows));
        this.positions = new PositionRows(this.rows);
        this.signals = new SignalRows(this.rows);
        this.waking = new WakeRows(this.rows);
        this.told = new ToldRows(this.rows);
        this.notify = new NotifyRows(this.rows);
        this.blocks = new BlockedPairs(this.rows);
        this.blockers = new BlockerRows(this.rows);
        this.admission = new AdmissionRows(this.rows);
        this.pins = new PinRows(this.rows);
        this.purge = new PurgeRows(this.rows, due);
        SweepRows sweep = new SweepRows(this.rows, due);
        this.tables = List.of(
                messages, settings, routes, positions, signals, waking, told, notify, blocks, blockers, admission, pins,
                purge, sweep);
        this.events = new EventProjection(this.rows, tables);
    }

    /** Carries out a change. */
    public void apply(Change change) {
        if (change instanceof Change.Sequenced sequenced) {
            events.apply(sequenced.event());
            return;
        }
        boolean known = false;
        for (Table table : tables) {
            known |= table.apply(change);
        }
        if (!known) {
            throw new IllegalArgumentException("unknown change " + change);
        }
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
        return rows.get(rows.key(RowFamily.MEMBER, user.value()), Member.parser());
    }

    @Override
    public List<UserId> members() {
        if (id.isDirect()) {
            return List.of(id.first(), id.second());
        }
        return rows.users(RowFamily.MEMBER);
    }

    @Override
    public List<UserId> members(String after, int limit) {
        return rows.users(RowFamily.MEMBER, after, limit);
    }

    @Override
    public List<Route> routes() {
        return routes.routes();
    }

    @Override
    public boolean isWatched() {
        return routes.isWatched();
    }

    @Override
    public boolean isTaken(UserId sender, String messageId, long nowMillis) {
        return messages.isTaken(sender, messageId, nowMillis);
    }

    @Override
    public @Nullable Said said(int seq) {
        return messages.said(seq);
    }

    @Override
    public List<Integer> edits(int seq) {
        return messages.edits(seq);
    }

    @Override
    public List<String> reactions(int seq, UserId user) {
        return messages.reactions(seq, user);
    }

    @Override
    public Map<UserId, Unread> unread(Collection<Unread.Reader> readers, Unread.Gone gone) {
        return messages.unread(readers, gone);
    }

    @Override
    public Unread told(UserId user) {
        return told.of(user);
    }

    @Override
    public List<Pin> pins() {
        return pins.all();
    }

    @Override
    public Profile profile() {
        return settings.profile();
    }

    @Override
    public @Nullable Position position(UserId user, String device) {
        return positions.position(user, device);
    }

    @Override
    public List<Position> positions(UserId user) {
        return positions.positions(user);
    }

    @Override
    public long purgeDueMillis() {
        return purge.dueMillis();
    }

    @Override
    public Overdue sweep(String after, Overdue.Windows windows) {
        return messages.sweep(after, windows);
    }

    @Override
    public Pointers pointers(UserId user) {
        return signals.pointers(user);
    }

    @Override
    public Map<UserId, Waking> waking() {
        return waking.all();
    }

    @Override
    public @Nullable Waking waking(UserId user) {
        return waking.of(user);
    }

    @Override
    public @Nullable Presence presence(UserId user) {
        return signals.presence(user);
    }

    @Override
    public Users discreet() {
        return settings.discreet();
    }

    @Override
    public Users blockers() {
        return blockers.blockers();
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

    @Override
    public Map<UserId, Set<String>> blocked() {
        return blocks.all();
    }

    @Override
    public Untold untold() {
        return signals.untold();
    }
}
