package io.parley.bridge.conversation.machine;

import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.admission.AdmissionRules;
import io.parley.bridge.conversation.attach.DeviceRules;
import io.parley.bridge.conversation.blocking.BlockRules;
import io.parley.bridge.conversation.dormancy.SweepRules;
import io.parley.bridge.conversation.erasure.ErasureRules;
import io.parley.bridge.conversation.membership.DecliningRules;
import io.parley.bridge.conversation.membership.MembershipRules;
import io.parley.bridge.conversation.message.MessageRules;
import io.parley.bridge.conversation.notify.NotifyRules;
import io.parley.bridge.conversation.pin.PinRules;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.bridge.conversation.settings.SettingRules;
import io.parley.bridge.conversation.signal.SignalRules;
import io.parley.bridge.conversation.summary.SummaryRules;
import io.parley.bridge.conversation.unread.UnreadRules;
import io.parley.bridge.conversation.wake.WakeRules;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import java.util.List;
import java.util.Set;

/**
 * Decides what follows from a command. The same state, command and time give the same decision. The features of a conversation are listed here, and nowhere else;
 * which commands there are, they say themselves.
 */
public final class ConversationRules {
    private final ConversationHandlers handlers = new ConversationHandlers();
    private final RetentionRules retention;
    private final SignalRules signals;
    private final NotifyRules notify;
    private final SweepRules sweeps;

    /** @param limits what the operator allows */
    public ConversationRules(ConversationLimits limits) {
        retention = new RetentionRules(limits);
        UnreadRules unread = new UnreadRules(retention);
        WakeRules wakes = new WakeRules(retention, unread);
        notify = new NotifyRules(retention, unread);
        signals = new SignalRules(wakes, limits.presenceMembers(), limits.presenceBlocks());
        sweeps = new SweepRules(limits.dormancy(), retention);
        Sequencer sequencer = new Sequencer(retention, wakes, notify);
        MessageRules messages = new MessageRules(sequencer, limits);
        MembershipRules membership =
                new MembershipRules(sequencer, limits.sizes().members());
        PinRules pins = new PinRules(sequencer, retention, limits.sizes().pins());
        List<ConversationHandlers.Feature> features = List.of(
                messages,
                membership,
                new DecliningRules(sequencer, membership),
                new SettingRules(sequencer, limits),
                pins,
                new DeviceRules(signals, wakes),
                signals,
                new BlockRules(),
                wakes,
                notify,
                new AdmissionRules(messages),
                new SummaryRules(unread, pins),
                new ErasureRules(sequencer, membership),
                sweeps);
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
    public Decision decide(ConversationState state, ConversationCommand command, long nowMillis) {
        Decision decision = handlers.decide(state, command, nowMillis);
        retention.follow(state, signals.follow(state, decision), nowMillis);
        sweeps.follow(state, decision, nowMillis);
        return notify.follow(state, command, decision, nowMillis);
    }
}
