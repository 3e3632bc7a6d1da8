package io.parley.bench.peers.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.MessageBuilder;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.mam.MamManager;
import org.jivesoftware.smackx.muc.MultiUserChat;
import org.jivesoftware.smackx.muc.MultiUserChatManager;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * An XMPP client with stream management (XEP-0198): the server's acknowledgement of a stanza is the acceptance of the message. Smack sends
 * again what was not acknowledged. The body begins with the message's id.
 */
public final class XmppPeerClient implements PeerClient {
    private static final int RECONNECT_SECONDS = 1;
    private static final int REPLY_MILLIS = 30_000;
    private static final int PAGE = 250;
    /** Connections that a crash ends are no news here. Kept, since a logger that nobody has forgets its level. */
    private static final Logger SMACK = Logger.getLogger("org.jivesoftware");

    private final XMPPTCPConnection connection;
    private final String account;
    private final Inbox inbox;
    private final Executor threads;
    private final Queue<Message> waiting = new ConcurrentLinkedQueue<>();
    private final Set<String> received = ConcurrentHashMap.newKeySet();

    /**
     * @param domain of the server
     * @param password of the account
     * @param threads for what waits for answers
     */
    public XmppPeerClient(String domain, int port, String account, String password, Inbox inbox, Executor threads)
            throws XmppStringprepException {
        SMACK.setLevel(Level.OFF);
        this.account = account;
        this.inbox = inbox;
        this.threads = threads;
        this.connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHostAddress(InetAddress.getLoopbackAddress())
                .setPort(port)
                .setXmppDomain(domain)
                .setUsernameAndPassword(account, password)
                .setResource("compare")
                .setSecurityMode(ConnectionConfiguration.SecurityMode.disabled)
                .setCompressionEnabled(false)
                .build());
        connection.setReplyTimeout(REPLY_MILLIS);
        connection.setUseStreamManagement(true);
        connection.setUseStreamManagementResumption(true);
        Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
        ReconnectionManager again = ReconnectionManager.getInstanceFor(connection);
        again.setFixedDelay(RECONNECT_SECONDS);
        again.enableAutomaticReconnection();
        // On the connection's reading thread: what waits for nothing needs no other.
        connection.addSyncStanzaListener(this::received, StanzaTypeFilter.MESSAGE);
        connection.addStanzaAcknowledgedListener(this::acknowledged);
        connection.addConnectionListener(new ConnectionListener() {
            @Override
            public void authenticated(XMPPConnection connected, boolean resumed) {
                threads.execute(XmppPeerClient.this::sendWaiting);
            }
        });
    }

    private void received(Stanza stanza) {
        if (stanza instanceof Message message && message.getBody() != null) {
            String id = id(message);
            received.add(id);
            inbox.received(id);
        }
    }

    private static String id(Message message) {
        String body = message.getBody();
        int end = body == null ? -1 : body.indexOf(' ');
        return end < 0 ? "" : body.substring(0, end);
    }

    private void acknowledged(Stanza stanza) {
        if (stanza instanceof Message message && message.getBody() != null) {
            inbox.accepted(id(message));
        }
    }

    @Override
    public CompletableFuture<Void> connect() {
        return waiting(() -> {
            connection.connect();
            connection.login();
        });
    }

    @Override
    public CompletableFuture<Void> join(Destination group) {
        return waiting(() -> {
            MultiUserChat room = MultiUserChatManager.getInstanceFor(connection)
                    .getMultiUserChat(JidCreate.entityBareFrom(group.address()));
            MultiUserChat.MucCreateConfigFormHandle created =
                    room.createOrJoinIfNecessary(Resourcepart.from(account), null);
            if (created != null) {
                created.makeInstant();
            }
        });
    }

    @Override
    public void send(Destination to, String id, String text) {
        try {
            MessageBuilder message = StanzaBuilder.buildMessage()
                    .to(JidCreate.from(to.address()))
                    .ofType(to.isGroup() ? Message.Type.groupchat : Message.Type.chat)
                    .setBody(id + " " + text);
            send(message.build());
        } catch (XmppStringprepException e) {
            throw new IllegalArgumentException("no XMPP address: " + to.address(), e);
        }
    }

    private void send(Message message) {
        try {
            if (connection.isAuthenticated()) {
                connection.sendStanza(message);
            } else {
                waiting.add(message);
            }
        } catch (SmackException.NotConnectedException e) {
            waiting.add(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendWaiting() {
        int count = waiting.size();
        for (int i = 0; i < count; i++) {
            Message message = waiting.poll();
            if (message != null) {
                send(message);
            }
        }
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        return waiting(connection::disconnect);
    }

    @Override
    public boolean isConnected() {
        return connection.isAuthenticated();
    }

    @Override
    public int missedInArchive(String idPrefix) throws IOException {
        Set<String> missed = new HashSet<>();
        try {
            MamManager.MamQuery query = MamManager.getInstanceFor(connection)
                    .queryArchive(MamManager.MamQueryArgs.builder()
                            .setResultPageSizeTo(PAGE)
                            .queryLastPage()
                            .build());
            boolean some = collect(query.getMessages(), idPrefix, missed);
            // Backwards, until a page has nothing of this load.
            while (some && !query.isComplete()) {
                some = collect(query.pagePrevious(PAGE), idPrefix, missed);
            }
        } catch (SmackException | XMPPException e) {
            throw new IOException("the archive of " + account + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return missed.size();
    }

    private boolean collect(Iterable<Message> page, String idPrefix, Set<String> missed) {
        boolean some = false;
        for (Message message : page) {
            String id = id(message);
            boolean sentByOther = message.getFrom() != null
                    && !message.getFrom().getLocalpartOrNull().toString().equals(account);
            if (id.startsWith(idPrefix)) {
                some = true;
                if (sentByOther && !received.contains(id)) {
                    missed.add(id);
                }
            }
        }
        return some;
    }

    private interface Waiting {
        void run() throws SmackException, XMPPException, IOException, InterruptedException;
    }

    private CompletableFuture<Void> waiting(Waiting what) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        what.run();
                    } catch (SmackException | XMPPException | IOException e) {
                        throw new IllegalStateException(account + ": " + e, e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted", e);
                    }
                },
                threads);
    }
}
