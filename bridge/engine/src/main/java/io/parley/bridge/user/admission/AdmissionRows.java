package io.parley.bridge.user.admission;

import io.parley.bridge.state.Known;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.Tally;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.WindowRows;

/** What decides whether a user gets one more conversation: whether an operator made the user known, how many there are, what was done lately. */
public final class AdmissionRows implements UserTable {
    /** What {@link WindowRows} calls the row of what was spent. */
    private static final String WINDOW = "s";

    private final UserRows rows;
    private final WindowRows windows;

    public AdmissionRows(UserRows rows, WindowRows windows) {
        this.rows = rows;
        this.windows = windows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.MadeKnown known) {
            rows.put(
                    rows.key(UserFamily.KNOWN),
                    Known.newBuilder().setSinceMillis(known.sinceMillis()).build());
        } else if (change instanceof UserChange.SpentSet set) {
            spent(set.spent());
        } else if (change instanceof UserChange.SpentEnded) {
            spent(Spent.getDefaultInstance());
        } else {
            return false;
        }
        return true;
    }

    public boolean isKnown() {
        return rows.has(rows.key(UserFamily.KNOWN));
    }

    /** A row of an older version has no tally: then the conversations are counted. */
    public int count() {
        Tally tally = rows.get(rows.key(UserFamily.TALLY), Tally.parser());
        return tally == null ? rows.conversations(UserFamily.IN).size() : tally.getConversations();
    }

    /** Only who changes the conversations' rows calls it. */
    public void count(int now) {
        rows.putUnlessEmpty(
                rows.key(UserFamily.TALLY),
                Tally.newBuilder().setConversations(now).build());
    }

    public Spent spent() {
        return rows.get(rows.key(UserFamily.SPENT), Spent.parser(), Spent.getDefaultInstance());
    }

    private void spent(Spent now) {
        windows.move(WINDOW, Spending.overMillis(spent()), Spending.overMillis(now));
        rows.putUnlessEmpty(rows.key(UserFamily.SPENT), now);
    }

    /** The user is as if never seen, but for the conversations that are left. Only who has erased the others' rows calls it. */
    public void erase() {
        rows.delete(rows.key(UserFamily.KNOWN));
        spent(Spent.getDefaultInstance());
        count(rows.conversations(UserFamily.IN).size());
    }
}
