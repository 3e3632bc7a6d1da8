package io.parley.bridge;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.log.TokensRevoked;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.ChatEvent;
import java.util.Set;

/** Everything that a machine can cause outside of its own state. */
public sealed interface Effect {
    /** The event goes to the log of events, and so to history, which keeps it for so long. */
    record Publish(ConversationId conversation, ChatEvent event, Keeping keeping) implements Effect {}

    /** Storage is to keep pointers. */
    record StorePointers(ConversationId conversation, PointersMoved pointers) implements Effect {}

    /** A broker node is to do something. */
    record Deliver(int slot, String key, Delivery delivery) implements Effect {}

    /** A conversation is to do something. */
    record TellConversation(ConversationId conversation, ConversationCommand command) implements Effect {}

    /** A command could not be carried out: an operator is to find out why. Where it was in the log is added when the letter is sent. */
    record Bury(String key, DeadLetter letter) implements Effect {}

    /** A user's machine is to do something. */
    record TellUser(UserId user, UserCommand command) implements Effect {}

    /** What knows the owner of a token is to do something. The key is no user's name. */
    record TellTokenDirectory(String key, UserCommand command) implements Effect {}

    /** Everybody who checks tokens is to know that those which were issued to the user until then are void. */
    record TellRevoked(UserId user, TokensRevoked revoked) implements Effect {}

    /** A user is to be notified, or what is shown to the user is to go. */
    record Notify(Notification notification) implements Effect {}

    /** An operator is to see that a user was pushed to, who has tokens of these platforms. */
    record Pushed(Set<PushPlatform> platforms) implements Effect {
        public Pushed {
            platforms = Set.copyOf(platforms);
        }
    }

    /** An operator is to see that a user who was pushed to came soon after. */
    record Fetched(Set<PushPlatform> platforms) implements Effect {
        public Fetched {
            platforms = Set.copyOf(platforms);
        }
    }
}
