package io.parley.demo;

import java.io.PrintStream;

/** The printed story of a tour, with a mark for each step that was checked. */
final class Checklist {
    private final PrintStream out;
    private int failed;
    private int checked;

    Checklist(PrintStream out) {
        this.out = out;
    }

    void heading(String title) {
        out.println();
        out.println("── " + title + " " + "─".repeat(Math.max(3, 68 - title.length())));
    }

    void said(String who, String where, int seq, String text) {
        out.println("  " + pad(who, 6) + "▸ " + pad(where, 10) + pad("#" + seq, 5) + text);
    }

    void note(String text) {
        out.println("  · " + text);
    }

    void check(boolean holds, String what) {
        checked++;
        if (!holds) {
            failed++;
        }
        out.println("  " + (holds ? "✓ " : "✗ ") + what);
    }

    boolean finish() {
        out.println();
        out.println(failed == 0 ? "All " + checked + " checks held." : failed + " of " + checked + " checks failed.");
        return failed == 0;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
