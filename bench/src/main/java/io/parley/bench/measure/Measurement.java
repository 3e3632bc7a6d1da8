package io.parley.bench.measure;

/** What a load has shown. */
public interface Measurement {
    /** One JSON object. */
    String json();

    /** Lines for people. */
    String text();

    /** Whether the platform refused nothing, and everything came where it had to come. */
    boolean isClean();
}
