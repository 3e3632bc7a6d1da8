package io.parley.bridge.conversation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Profile;
import io.parley.bridge.state.PurgeDue;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Routes;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AvatarChanged;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's rows, and the only code that changes them. A message touches the head and one chunk of its sender's ids, and each 32nd a
 * row of the message window; it reads the routes and never the member list.
 */
public final class ConversationStore implements ConversationState {
    /** Conversations take turns in telling their devices. */
    public static final int TURNS = 10;

    private static final String UNTOLD = "z|";
    private static final String PURGE_DUE = "y|";

    private final ConversationId id;
    private final Rows rows;
    private final SentIdWindow sentIds;
    private final MessageWindow window;
    private final MessageMarks marks;
    /** As the row is, once it was read: a command asks for it several times. */
    private @Nullable Head head;

    /** @param rows shared by all conversations of a partition; every key here names the conversation */
    public ConversationStore(ConversationId id, Rows rows) {
        this.id = id;
        this.rows = rows;
        this.sentIds = new SentIdWindow(id, rows);
        this.window = new MessageWindow(id, rows);
        this.marks = new MessageMarks(id, rows);
    }

    /** Carries out a change. */
    public void apply(Change change) {
        if (change instanceof Change.Sequenced sequenced) {
            applyEvent(sequenced.event());
        } else if (change instanceof Change.IdTaken taken) {
            sentIds.add(taken.sender(), taken.messageId(), head().getSeq(), taken.atSeconds());
        } else if (change instanceof Change.RouteOpened opened) {
            List<Route> routes = routesExcept(opened.route().getSlot());
            routes.add(opened.route());
            put(key('r'), Routes.newBuilder().addAllRoutes(routes).build());
        } else if (change instanceof Change.RouteClosed closed) {
            List<Route> routes = routesExcept(closed.slot());
            if (routes.isEmpty()) {
                rows.delete(key('r'));
            } else {
                put(key('r'), Routes.newBuilder().addAllRoutes(routes).build());
            }
        } else if (change instanceof Change.CursorMoved moved) {
            put(
                    key('c', moved.user().value(), moved.device()),
                    Position.newBuilder()
                            .setSeq(moved.seq())
                            .setDay(moved.day())
                            .build());
        } else if (change instanceof Change.DeviceForgotten forgotten) {
            rows.delete(key('c', forgotten.user().value(), forgotten.device()));
        } else if (change instanceof Change.PointersMoved moved) {
            put(key('p', moved.user().value()), moved.pointers());
        } else if (change instanceof Change.PresenceSeen seen) {
            put(key('s', seen.presence().getUser()), seen.presence());
        } else if (change instanceof Change.DiscreetSet set) {
            putUnlessEmpty(key('d'), set.discreet());
        } else if (change instanceof Change.BlockersSet set) {
            putUnlessEmpty(key('k'), set.blockers());
        } else if (change instanceof Change.BlockedSet set) {
            putUnlessEmpty(key('b', set.by().value()), set.blocked());
        } else if (change instanceof Change.PurgeDueSet set) {
            putUnlessEmpty(
                    PURGE_DUE + id,
                    PurgeDue.newBuilder().setAtMillis(set.atMillis()).build());
        } else if (change instanceof Change.Purged purged) {
            putHead(head().toBuilder().setPurged(purged.through()).build());
        } else if (change instanceof Change.UntoldSet set) {
            putUnlessEmpty(untoldKey(), set.untold());
        }
    }

    private void putUnlessEmpty(String key, MessageLite row) {
        if (row.getSerializedSize() == 0) {
            rows.delete(key);
        } else {
            put(key, row);
        }
    }

    private void applyEvent(ChatEvent event) {
        Head.Builder head = head().toBuilder()
                .setSeq(event.getSeq())
                .setAtMillis(event.getAt().getSeconds() * 1000 + event.getAt().getNanos() / 1_000_000);
        int dropped = window.add(head, event);
        if (dropped >= 0) {
            marks.drop(dropped);
        }
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> {
                head.setName(event.getGroupCreated().getName());
                event.getGroupCreated().getMembersList().forEach(user -> join(head, user, event));
                setRole(event.getFrom(), Role.OWNER);
            }
            case MEMBERS_ADDED -> event.getMembersAdded().getUsersList().forEach(user -> join(head, user, event));
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersList().forEach(user -> part(head, user));
            case MEMBER_LEFT -> part(head, event.getMemberLeft().getUser());
            case ROLE_CHANGED ->
                setRole(event.getRoleChanged().getUser(), event.getRoleChanged().getRole());
            case RENAMED -> head.setName(event.getRenamed().getName());
            case RETENTION_CHANGED ->
                head.setRetention(event.getRetentionChanged().getRetention());
            case ANNOUNCEMENT_CHANGED ->
                head.setAnnouncement(event.getAnnouncementChanged().getOn());
            case ADD_RIGHT_CHANGED ->
                head.setAddRight(event.getAddRightChanged().getRole());
            case READ_RECEIPTS_CHANGED ->
                head.setReadReceiptsOff(!event.getReadReceiptsChanged().getOn());
            case DESCRIBED ->
                put(
                        key('g'),
                        profile().toBuilder()
                                .setDescription(event.getDescribed().getDescription())
                                .build());
            case AVATAR_CHANGED -> putAvatar(event.getAvatarChanged());
            case EDITED -> marks.edited(event.getEdited().getSeq(), event.getSeq());
            case DELETED -> {
                window.erase(head, event.getDeleted().getSeq());
                marks.erase(event.getDeleted().getSeq());
            }
            case REACTED -> {
                Reacted reacted = event.getReacted();
                marks.reacted(reacted.getSeq(), UserId.parse(event.getFrom()), reacted.getEmoji(), reacted.getRemove());
            }
            case USER_ERASED -> erase(head, event.getUserErased().getUser());
            default -> {}
        }
        putHead(head.build());
        if (!event.getId().isEmpty()) {
            sentIds.add(
                    UserId.parse(event.getFrom()),
                    event.getId(),
                    event.getSeq(),
                    event.getAt().getSeconds());
        }
    }

    private void putAvatar(AvatarChanged change) {
        Profile.Builder profile = profile().toBuilder().clearAvatar();
        if (change.hasAttachment()) {
            profile.setAvatar(change.getAttachment());
        }
        put(key('g'), profile.build());
    }

    private void join(Head.Builder head, String user, ChatEvent event) {
        put(
                key('m', user),
                Member.newBuilder()
                        .setRole(Role.MEMBER)
                        .setJoined(event.getSeq())
                        .build());
        head.setMemberCount(head.getMemberCount() + 1);
    }

    private void part(Head.Builder head, String user) {
        rows.delete(key('m', user));
        forgetAllElse(user);
        head.setMemberCount(head.getMemberCount() - 1);
    }

    /** Pointers stay: should the user come back, they must not move back. */
    private void forgetAllElse(String user) {
        rows.delete(key('s', user));
        rows.delete(key('b', user));
        rows.keys(key('c', user) + "|").forEach(rows::delete);
    }

    private void erase(Head.Builder head, String user) {
        if (rows.get(key('m', user)) != null) {
            part(head, user);
        } else {
            forgetAllElse(user);
        }
        rows.delete(key('p', user));
        UserId erased = UserId.parse(user);
        putUnlessEmpty(key('d'), without(discreet(), user));
        putUnlessEmpty(key('k'), without(blockers(), user));
        window.erase(head, erased).forEach(marks::erase);
        marks.forget(erased);
        sentIds.forget(erased);
    }

    private static Users without(Users users, String user) {
        List<String> others = new ArrayList<>(users.getUsersList());
        others.remove(user);
        return Users.newBuilder().addAllUsers(others).build();
    }

    private void setRole(String user, Role role) {
        Member member = get(key('m', user), Member.parser());
        if (member != null) {
            put(key('m', user), member.toBuilder().setRole(role).build());
        }
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
        Head known = head;
        if (known == null) {
            known = get(key('h'), Head.parser());
            known = known == null ? Head.getDefaultInstance() : known;
            head = known;
        }
        return known;
    }

    private void putHead(Head now) {
        put(key('h'), now);
        head = now;
    }

    @Override
    public @Nullable Member member(UserId user) {
        if (id.isDirect()) {
            return id.isDirectMember(user)
                    ? Member.newBuilder().setRole(Role.MEMBER).setJoined(1).build()
                    : null;
        }
        return get(key('m', user.value()), Member.parser());
    }

    @Override
    public List<UserId> members() {
        if (id.isDirect()) {
            return List.of(id.first(), id.second());
        }
        String prefix = key('m') + "|";
        return rows.keys(prefix).stream()
                .map(key -> UserId.parse(key.substring(prefix.length())))
                .toList();
    }

    @Override
    public List<Route> routes() {
        Routes routes = get(key('r'), Routes.parser());
        return routes == null ? List.of() : routes.getRoutesList();
    }

    @Override
    public int seqOf(UserId sender, String messageId, long nowMillis) {
        return sentIds.find(sender, messageId, nowMillis / 1000);
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
    public Profile profile() {
        Profile profile = get(key('g'), Profile.parser());
        return profile == null ? Profile.getDefaultInstance() : profile;
    }

    @Override
    public @Nullable Position position(UserId user, String device) {
        return get(key('c', user.value(), device), Position.parser());
    }

    @Override
    public List<Position> positions(UserId user) {
        List<Position> positions = new ArrayList<>();
        for (String key : rows.keys(key('c', user.value()) + "|")) {
            Position position = get(key, Position.parser());
            if (position != null) {
                positions.add(position);
            }
        }
        return positions;
    }

    @Override
    public long purgeDueMillis() {
        PurgeDue due = get(PURGE_DUE + id, PurgeDue.parser());
        return due == null ? 0 : due.getAtMillis();
    }

    /** The conversations of these rows of which it is to be seen what all have. */
    public static List<ConversationId> purgeDue(Rows rows, long nowMillis) {
        return ids(rows, PURGE_DUE)
                .filter(id -> new ConversationStore(id, rows).purgeDueMillis() <= nowMillis)
                .toList();
    }

    @Override
    public Pointers pointers(UserId user) {
        Pointers pointers = get(key('p', user.value()), Pointers.parser());
        return pointers == null ? Pointers.getDefaultInstance() : pointers;
    }

    @Override
    public @Nullable Presence presence(UserId user) {
        return get(key('s', user.value()), Presence.parser());
    }

    @Override
    public Users discreet() {
        Users discreet = get(key('d'), Users.parser());
        return discreet == null ? Users.getDefaultInstance() : discreet;
    }

    @Override
    public Users blockers() {
        Users blockers = get(key('k'), Users.parser());
        return blockers == null ? Users.getDefaultInstance() : blockers;
    }

    @Override
    public Map<UserId, Users> blocked() {
        String prefix = key('b') + "|";
        Map<UserId, Users> blocked = new TreeMap<>();
        for (String key : rows.keys(prefix)) {
            Users users = get(key, Users.parser());
            if (users != null) {
                blocked.put(UserId.parse(key.substring(prefix.length())), users);
            }
        }
        return blocked;
    }

    @Override
    public Untold untold() {
        Untold untold = get(untoldKey(), Untold.parser());
        return untold == null ? Untold.getDefaultInstance() : untold;
    }

    private String untoldKey() {
        return UNTOLD + Math.floorMod(id.hashCode(), TURNS) + "|" + id;
    }

    /** The conversations of these rows whose devices are to be told something and whose turn it is, from 0 to less than {@link #TURNS}. */
    public static List<ConversationId> untold(Rows rows, int turn) {
        return ids(rows, UNTOLD + turn + "|").toList();
    }

    private static Stream<ConversationId> ids(Rows rows, String prefix) {
        return rows.keys(prefix).stream().map(key -> ConversationId.parse(key.substring(prefix.length())));
    }

    private String key(char family, String... parts) {
        return parts.length == 0 ? family + "|" + id : family + "|" + id + "|" + String.join("|", parts);
    }

    private void put(String key, MessageLite row) {
        rows.put(key, row.toByteArray());
    }

    private <T> @Nullable T get(String key, Parser<T> parser) {
        byte[] row = rows.get(key);
        try {
            return row == null ? null : parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key, e);
        }
    }
}
