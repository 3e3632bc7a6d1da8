package io.parley.audit;

/**
 * How far one user has come in a conversation.
 *
 * @param delivered the seq up to which one of the user's devices has everything
 * @param read the seq up to which the user has read
 */
public record Pointers(int delivered, int read) {
    static final Pointers NONE = new Pointers(0, 0);

    /** Both as far as either is. */
    Pointers plus(Pointers other) {
        return new Pointers(Math.max(delivered, other.delivered), Math.max(read, other.read));
    }

    boolean isBehind(Pointers other) {
        return delivered < other.delivered || read < other.read;
    }

    @Override
    public String toString() {
        return "delivered " + delivered + ", read " + read;
    }
}
