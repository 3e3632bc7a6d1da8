package io.parley.runtime;

/**
 * Whether a process can serve now.
 *
 * @param ready true when it can
 * @param detail one line for an operator; empty when there is nothing to say
 */
public record Health(boolean ready, String detail) {
    /** The body of {@code /livez}. */
    public static final String ALIVE = "{\"status\":\"alive\"}";

    public static Health serving() {
        return new Health(true, "");
    }

    public static Health notReady(String reason) {
        return new Health(false, reason);
    }

    /** Ready when both are; says of one what keeps it. */
    public Health and(Health other) {
        return ready ? other : this;
    }

    /** The body of {@code /readyz} and {@code /healthz}, one JSON object. */
    public String toJson() {
        String status = ready ? "ready" : "not ready";
        if (detail.isEmpty()) {
            return "{\"status\":\"" + status + "\"}";
        }
        return "{\"status\":\"" + status + "\",\"detail\":\"" + escape(detail) + "\"}";
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c < ' ' ? ' ' : c);
            }
        }
        return out.toString();
    }
}
