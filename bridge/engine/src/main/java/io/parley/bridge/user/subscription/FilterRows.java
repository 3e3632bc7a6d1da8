package io.parley.bridge.user.subscription;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Device;
import io.parley.bridge.user.SessionFilters;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserFamily;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Subscription;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one session, a row each. The key says first what the filter is about, so that the filters about one conversation are found
 * without reading the others.
 */
public final class FilterRows implements SessionFilters {
    private static final String EVERYWHERE = "+";
    private static final String NEITHER = "-";

    private final Rows rows;
    private final UserId user;
    private final String prefix;
    private final String deviceKey;
    private final long session;

    public FilterRows(Rows rows, UserId user, String device, long session) {
        this.rows = rows;
        this.user = user;
        this.prefix = UserFamily.FILTER.prefix() + user + "|" + device + "|" + session + "|";
        this.deviceKey = Sessions.deviceKey(user, device);
        this.session = session;
    }

    public void put(Subscription subscription) {
        String key = key(subscription.getFilter());
        Device device = rows.get(key) == null ? device() : null;
        if (device != null) {
            counted(device, count(device) + 1);
        }
        rows.put(key, subscription.toByteArray());
    }

    public void delete(String filter) {
        String key = key(filter);
        Device device = rows.get(key) == null ? null : device();
        if (device != null && device.hasFilters()) {
            counted(device, Math.max(0, device.getFilters() - 1));
        }
        rows.delete(key);
    }

    /** The row of the device while it has this session. */
    private @Nullable Device device() {
        byte[] row = rows.get(deviceKey);
        try {
            Device device = row == null ? null : Device.parseFrom(row);
            return device == null || device.getSession() != session ? null : device;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + deviceKey, e);
        }
    }

    private void counted(Device device, int filters) {
        rows.put(deviceKey, device.toBuilder().setFilters(filters).build().toByteArray());
    }

    public void deleteAll() {
        rows.keys(prefix).forEach(rows::delete);
    }

    @Override
    public int count() {
        Device device = device();
        return device == null ? rows.keys(prefix).size() : count(device);
    }

    /** Without reading the filters: a session may have thousands, and say one more at a time. */
    private int count(Device device) {
        return device.hasFilters() ? device.getFilters() : rows.keys(prefix).size();
    }

    @Override
    public boolean has(String filter) {
        return rows.get(key(filter)) != null;
    }

    @Override
    public List<Subscription> first(int limit) {
        List<Subscription> first = new ArrayList<>();
        for (String key : rows.keys(prefix, prefix + Character.MAX_VALUE, limit)) {
            byte[] row = rows.get(key);
            try {
                if (row != null) {
                    first.add(Subscription.parseFrom(row));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("state row cannot be read, key=" + key, e);
            }
        }
        return first;
    }

    @Override
    public Set<Feed> everywhere() {
        return about(EVERYWHERE);
    }

    @Override
    public Set<Feed> in(ConversationId conversation) {
        Set<Feed> feeds = everywhere();
        feeds.addAll(about(conversation.value()));
        return feeds;
    }

    @Override
    public Map<ConversationId, Set<Feed>> named() {
        Map<ConversationId, Set<Feed>> named =
                new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
        for (String key : rows.keys(prefix)) {
            if (SubscribeFilter.parse(filter(key), user) instanceof SubscribeFilter.One one) {
                named.computeIfAbsent(one.conversation(), id -> EnumSet.noneOf(Feed.class))
                        .addAll(one.feeds());
            }
        }
        return named;
    }

    private Set<Feed> about(String subject) {
        Set<Feed> feeds = EnumSet.noneOf(Feed.class);
        for (String key : rows.keys(prefix + subject + "|")) {
            feeds.addAll(feeds(filter(key)));
        }
        return feeds;
    }

    private Set<Feed> feeds(String filter) {
        SubscribeFilter parsed = SubscribeFilter.parse(filter, user);
        if (parsed instanceof SubscribeFilter.Mine mine) {
            return mine.feeds();
        }
        return parsed instanceof SubscribeFilter.One one ? one.feeds() : Set.of();
    }

    private String key(String filter) {
        return prefix + subject(filter) + "|" + filter;
    }

    private String subject(String filter) {
        SubscribeFilter parsed = SubscribeFilter.parse(filter, user);
        if (parsed instanceof SubscribeFilter.Mine) {
            return EVERYWHERE;
        }
        return parsed instanceof SubscribeFilter.One one ? one.conversation().value() : NEITHER;
    }

    private String filter(String key) {
        return key.substring(key.indexOf('|', prefix.length()) + 1);
    }
}
