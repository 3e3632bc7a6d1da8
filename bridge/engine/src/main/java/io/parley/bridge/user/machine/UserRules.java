package io.parley.bridge.user.machine;

import io.parley.bridge.user.PushLimits;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.AdmissionRules;
import io.parley.bridge.user.admission.Spending;
import io.parley.bridge.user.blocking.Blocking;
import io.parley.bridge.user.device.DeviceRequests;
import io.parley.bridge.user.erasure.UserErasure;
import io.parley.bridge.user.expiry.WindowRules;
import io.parley.bridge.user.founding.GroupFounding;
import io.parley.bridge.user.inbox.InboxRules;
import io.parley.bridge.user.invitation.InvitationRules;
import io.parley.bridge.user.listing.ListingRules;
import io.parley.bridge.user.membership.MembershipRules;
import io.parley.bridge.user.presence.PresenceRules;
import io.parley.bridge.user.presence.PrivacyRules;
import io.parley.bridge.user.push.PushRules;
import io.parley.bridge.user.revocation.RevocationRules;
import io.parley.bridge.user.session.ConnectionRules;
import io.parley.bridge.user.session.DepartureRules;
import io.parley.bridge.user.session.EndingRules;
import io.parley.bridge.user.session.SessionRules;
import io.parley.bridge.user.subscription.SubscriptionRules;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.List;
import java.util.Set;

/**
 * Decides what follows from a command to a user. The same state, command and time give the same decision. The features of a user are listed here, and nowhere else;
 * which commands there are, they say themselves.
 */
public final class UserRules {
    private final UserHandlers handlers = new UserHandlers();
    private final PushRules push;

    /**
     * Rules under limits of the operator.
     *
     * @param graceMillis a user is offline when no device has been connected for so long
     * @param limits what each user may do
     */
    public UserRules(long graceMillis, UserLimits limits) {
        this(graceMillis, limits, PushLimits.defaults());
    }

    /** @param pushLimits how users are notified */
    public UserRules(long graceMillis, UserLimits limits, PushLimits pushLimits) {
        Spending spending = new Spending(limits);
        AdmissionRules admission = new AdmissionRules(limits, spending);
        InvitationRules invitations = new InvitationRules(limits.consent(), admission);
        PresenceRules presence = new PresenceRules(graceMillis);
        SessionRules sessions = new SessionRules();
        DepartureRules departures = new DepartureRules(presence, sessions);
        DeviceRequests devices = new DeviceRequests(presence, sessions);
        push = new PushRules(pushLimits, spending);
        List<UserHandlers.Feature> features = List.of(
                new ConnectionRules(presence, sessions),
                departures,
                new EndingRules(departures),
                new SubscriptionRules(),
                presence,
                new PrivacyRules(presence, spending),
                new InboxRules(),
                new ListingRules(),
                admission,
                invitations,
                new MembershipRules(admission, invitations, presence),
                new GroupFounding(limits, spending, admission),
                new Blocking(limits, spending),
                devices,
                new UserErasure(devices),
                new RevocationRules(limits.longestTokenLife()),
                new WindowRules(),
                push);
        features.forEach(feature -> feature.register(handlers));
    }

    /** The kinds of commands that some feature decides. */
    public Set<CommandCase> kinds() {
        return handlers.kinds();
    }

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public UserDecision decide(UserState state, UserCommand command, long nowMillis) {
        return push.follow(state, command, handlers.decide(state, command, nowMillis), nowMillis);
    }
}
