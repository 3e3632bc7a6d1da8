package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Anomaly;
import io.parley.audit.Report;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Typing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replay finds wrong in what it is told of who is there and who types. */
class ReplayCompanyTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final DeviceId ANNS = new DeviceId(ANN, "replay");

    private final ReplayCompany company = new ReplayCompany();

    @BeforeEach
    void ann_watches_and_ben_comes() {
        company.watches(ANNS);
        company.isHere(ANN, true);
        company.isHere(BEN, true);
        shown("ann", true);
        shown("ben", true);
    }

    @Test
    void who_is_shown_as_it_is_is_no_finding() {
        assertThat(company.isShown()).isTrue();
        company.isHere(BEN, false);
        assertThat(company.isShown()).isFalse();
        shown("ben", false);
        assertThat(company.isShown()).isTrue();
        assertThat(company.report(true).isClean()).isTrue();
    }

    @Test
    void who_is_shown_and_is_gone_or_is_there_and_was_never_shown_is_found() {
        company.isHere(BEN, false);
        company.isHere(UserId.parse("cid"), true);
        assertThat(company.report(true).findings())
                .extractingByKey(Anomaly.PRESENCE_FALSE)
                .extracting(Report.Finding::count)
                .isEqualTo(2L);
        assertThat(new ReplayCompany().report(true).isClean()).isTrue();
    }

    @Test
    void who_leaves_is_told_nothing_and_is_no_finding() {
        company.watchesNoMore(ANNS);
        company.isHere(BEN, false);
        assertThat(company.isShown()).isTrue();
        assertThat(company.report(true).isClean()).isTrue();
    }

    @Test
    void only_others_who_type_may_be_shown_to() {
        company.types(BEN);
        typing("ben");
        assertThat(company.report(false).isClean()).isTrue();
        company.types(ANN);
        typing("ann");
        typing("cid");
        assertThat(company.report(false).findings())
                .extractingByKey(Anomaly.TYPING_FALSE)
                .extracting(Report.Finding::count)
                .isEqualTo(2L);
        assertThat(company.typingTold()).isEqualTo(3);
    }

    private void shown(String user, boolean online) {
        company.told(ANNS, Presence.newBuilder().setUser(user).setOnline(online).build());
    }

    private void typing(String user) {
        company.told(ANNS, Typing.newBuilder().setUser(user).setTyping(true).build());
    }
}
