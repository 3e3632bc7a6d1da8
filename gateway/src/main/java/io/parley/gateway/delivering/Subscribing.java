package io.parley.gateway.delivering;

import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Filters;
import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.UserCommand;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The filters of one SUBSCRIBE on their way: rights, then the log, then the start everywhere. On the connection's shard. */
final class Subscribing {
    private final Subscriptions subscriptions;
    private final DeviceSession session;
    private final UserId user;
    private final Filters filters;
    private final Wildcard wildcard;
    private final List<Filter> wanted;
    private final Consumer<List<Permission>> answer;
    private final Permission[] permissions;
    private final @Nullable Filter[] before;
    private int open = 1;

    /**
     * A SUBSCRIBE of that session.
     *
     * @param filters those that stand
     * @param answer called once, with one permission for each filter that is wanted
     */
    Subscribing(
            Subscriptions subscriptions,
            DeviceSession session,
            Filters filters,
            Wildcard wildcard,
            List<Filter> wanted,
            Consumer<List<Permission>> answer) {
        this.subscriptions = subscriptions;
        this.session = session;
        this.user = session.link().device().user();
        this.filters = filters;
        this.wildcard = wildcard;
        this.wanted = wanted;
        this.answer = answer;
        this.permissions = new Permission[wanted.size()];
        this.before = new Filter[wanted.size()];
    }

    void start() {
        for (int i = 0; i < wanted.size(); i++) {
            open++;
            askFor(i);
        }
        answered();
    }

    private void askFor(int index) {
        Filter filter = wanted.get(index);
        ConversationId conversation = filter.conversation();
        if (SubscribeFilter.isTooLong(filter.text())) {
            permitted(index, Permission.TOO_LONG);
        } else if (conversation == null) {
            boolean own = filter.isMine() || isOwnReplies(filter);
            permitted(index, own ? Permission.GRANTED : Permission.DENIED);
        } else if (conversation.isDirect() && !conversation.isDirectMember(user)) {
            permitted(index, Permission.DENIED);
        } else if (filters.isFull(filter.text())) {
            permitted(index, Permission.TOO_MANY);
        } else {
            before[index] = filters.put(filter);
            subscriptions.adapt(conversation);
            subscriptions.ask(conversation, filter.feeds(), permission -> permitted(index, permission));
        }
    }

    private void permitted(int index, Permission permission) {
        permissions[index] = permission;
        Filter filter = wanted.get(index);
        if (permission == Permission.GRANTED) {
            if (filter.conversation() == null) {
                before[index] = filters.put(filter);
            }
        } else {
            undo(index);
        }
        answered();
    }

    private void undo(int index) {
        Filter filter = wanted.get(index);
        filters.restore(filter, before[index]);
        ConversationId conversation = filter.conversation();
        if (conversation != null) {
            subscriptions.adapt(conversation);
        }
    }

    private void answered() {
        if (--open == 0) {
            record();
        }
    }

    /** The log has the filters before the device is told that they stand: its session is to survive this node. */
    private void record() {
        Subscribe.Builder command = Subscribe.newBuilder();
        boolean everywhere = false;
        for (int i = 0; i < permissions.length; i++) {
            // One that was unsubscribed meanwhile must not come back.
            if (permissions[i] == Permission.GRANTED && filters.stands(wanted.get(i))) {
                command.addSubscriptions(wanted.get(i).options());
                everywhere |= wanted.get(i).isMine();
                if (subscriptions.isUnbegun(wanted.get(i).conversation())) {
                    command.setAttachBegun(true);
                }
            }
        }
        if (command.getSubscriptionsCount() == 0) {
            answer.accept(List.of(permissions));
            return;
        }
        if (everywhere) {
            subscriptions.adaptAll();
            wildcard.attach(command);
        }
        boolean started = everywhere;
        session.toUser(UserCommand.newBuilder().setSubscribe(command), failure -> recorded(failure, started));
    }

    private void recorded(@Nullable Exception failure, boolean started) {
        if (failure != null) {
            for (int i = 0; i < permissions.length; i++) {
                if (permissions[i] == Permission.GRANTED) {
                    permissions[i] = Permission.UNKNOWN;
                    undo(i);
                }
            }
        }
        if (failure == null && started) {
            wildcard.starting().whenDone(() -> answer.accept(Arrays.asList(permissions)));
        } else {
            answer.accept(Arrays.asList(permissions));
        }
    }

    private boolean isOwnReplies(Filter filter) {
        return filter.meaning() instanceof SubscribeFilter.Replies replies
                && replies.user().equals(user);
    }
}
