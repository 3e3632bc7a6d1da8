package io.parley.push.sending;

/** Who is told of each delivery's end, once. */
@FunctionalInterface
public interface Endings {
    void ended(Delivery delivery, Ending ending);
}
