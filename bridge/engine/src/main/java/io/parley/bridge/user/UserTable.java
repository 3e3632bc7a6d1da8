package io.parley.bridge.user;

/**
 * A feature's rows of one user, and the only code that changes them. Every change goes to every table, in no promised order; each does its part.
 */
public interface UserTable {
    /** Carries out a change; false: it concerns none of these rows. */
    boolean apply(UserChange change);
}
