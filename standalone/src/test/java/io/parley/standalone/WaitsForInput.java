package io.parley.standalone;

import java.io.IOException;

/** A child process that lives until its standard input ends. */
final class WaitsForInput {
    private WaitsForInput() {}

    public static void main(String[] args) throws IOException {
        int read = System.in.read();
        System.out.println("input ended with " + read);
    }
}
