package io.parley.bridge.user.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.WindowRows;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.protocol.UserId;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.RevokeTokens;
import io.parley.protocol.log.SweepUser;
import io.parley.protocol.log.TokensRevoked;
import io.parley.protocol.log.UserCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connections a user has after their tokens were revoked. */
class RevocationRulesTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final long REVOKED = 1_700_000_000_500L;
    private static final UserCommand REVOKE = UserCommand.newBuilder()
            .setRevokeTokens(RevokeTokens.getDefaultInstance())
            .build();

    private final UserLimits limits = UserLimits.defaults();
    private final UserRules rules = new UserRules(10_000, limits);
    private final MapRows rows = new MapRows();
    private final UserStore ann = new UserStore(ANN, rows);

    @Test
    void connections_end_and_the_session_goes_on_with_a_newer_token() {
        play(connect(1, REVOKED - 10_000), REVOKED - 1);
        long session = session();

        assertThat(closed(play(REVOKE, REVOKED))).containsExactly(1L);

        assertThat(closed(play(connect(2, REVOKED - 10_000), REVOKED + 1))).containsExactly(2L);
        assertThat(closed(play(connect(3, REVOKED), REVOKED + 1)))
                .as("issued in that very millisecond")
                .containsExactly(3L);
        UserDecision good = play(connect(4, REVOKED + 500), REVOKED + 600);
        assertThat(closed(good)).isEmpty();
        assertThat(session()).isEqualTo(session);
    }

    @Test
    void a_connection_that_a_node_announces_again_ends() {
        play(REVOKE, REVOKED);

        UserCommand again = connect(1, REVOKED - 10_000).toBuilder()
                .setDeviceConnected(DeviceConnected.newBuilder().setAgain(true).setIssuedAtMillis(REVOKED - 10_000))
                .build();
        assertThat(closed(play(again, REVOKED + 1))).containsExactly(1L);
    }

    @Test
    void a_connection_of_a_node_that_does_not_say_when_its_token_was_issued_is_let_in() {
        play(REVOKE, REVOKED);

        assertThat(closed(play(connect(1, 0), REVOKED + 1))).isEmpty();
    }

    @Test
    void who_checks_tokens_elsewhere_is_told_and_the_time_never_goes_back() {
        play(REVOKE, REVOKED);

        assertThat(play(REVOKE, REVOKED - 1_000).effects())
                .containsExactly(new Effect.TellRevoked(
                        ANN,
                        TokensRevoked.newBuilder().setNotBeforeMillis(REVOKED).build()));
    }

    @Test
    void the_row_goes_when_each_token_that_it_is_about_has_expired() {
        play(REVOKE, REVOKED);
        long end = REVOKED + limits.longestTokenLife().toMillis();
        UserCommand sweep = UserCommand.newBuilder()
                .setSweepUser(SweepUser.getDefaultInstance())
                .build();

        assertThat(WindowRows.over(rows, end - 1, 9)).isEmpty();
        play(sweep, end - 1);
        assertThat(ann.revocation().getNotBeforeMillis()).isEqualTo(REVOKED);

        assertThat(WindowRows.over(rows, end, 9)).containsExactly(ANN);
        play(sweep, end);
        assertThat(rows.keys("")).isEmpty();
    }

    private long session() {
        return ann.devices().values().iterator().next().getSession();
    }

    private static UserCommand connect(long connection, long issuedAtMillis) {
        return UserCommand.newBuilder()
                .setOrigin(Origin.newBuilder()
                        .setUser(ANN.value())
                        .setDevice("phone")
                        .setConnection(connection)
                        .setNode(Node.newBuilder().setSlot(1).setEpoch(connection)))
                .setDeviceConnected(
                        DeviceConnected.newBuilder().setExpirySeconds(600).setIssuedAtMillis(issuedAtMillis))
                .build();
    }

    private UserDecision play(UserCommand command, long nowMillis) {
        UserDecision decision = rules.decide(ann, command, nowMillis);
        decision.changes().forEach(ann::apply);
        return decision;
    }

    private static List<Long> closed(UserDecision decision) {
        return decision.effects().stream()
                .filter(effect -> effect instanceof Effect.Deliver deliver
                        && deliver.delivery().getClose().getReason() == Reason.TOKEN_REVOKED)
                .map(effect -> ((Effect.Deliver) effect).delivery().getClose().getConnection())
                .toList();
    }
}
