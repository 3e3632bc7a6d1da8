package io.parley.storage;

/** A conversation's messages lie in partitions of {@value #SIZE} seqs, so that no partition grows without bound. */
final class Buckets {
    static final int SIZE = 5000;

    private Buckets() {}

    /** The bucket of a seq, from 0. */
    static int of(int seq) {
        return (seq - 1) / SIZE;
    }

    /** The first seq in a bucket. */
    static int firstSeq(int bucket) {
        return bucket * SIZE + 1;
    }

    /** The last seq in a bucket. */
    static int lastSeq(int bucket) {
        return (int) Math.min(Integer.MAX_VALUE, (bucket + 1L) * SIZE);
    }
}
