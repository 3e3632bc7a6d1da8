package io.parley.history.media;

/** The client's connection ended, or was silent for too long, before all was sent. */
final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientGone(Throwable cause) {
        super(cause.toString(), cause, false, false);
    }
}
