package io.parley.standalone;

/**
 * One process of a platform.
 *
 * @param role what it is
 * @param number from 1 on where a platform has several of that role, else 0
 */
public record ProcessName(RoleName role, int number) {

    public ProcessName {
        if (number < 0) {
            throw new IllegalArgumentException("a process has no number " + number);
        }
    }

    /** The process of a role that a platform has once. */
    public static ProcessName only(RoleName role) {
        return new ProcessName(role, 0);
    }

    /** How many of its role come before it. */
    int index() {
        return Math.max(0, number - 1);
    }

    /** As people read it, and as its files are called: {@code kafka}, {@code kafka-2}. */
    @Override
    public String toString() {
        return number == 0 ? role.toString() : role + "-" + number;
    }
}
