package io.parley.standalone;

import java.io.IOException;

/** Kafka does nothing, until this is closed. */
sealed interface KafkaOutage extends AutoCloseable {
    /** Returns when it does nothing any more. */
    static KafkaOutage begin(Class<? extends KafkaOutage> how, Platform platform) throws IOException {
        if (how == Hanging.class) {
            return new Hanging(HeldProcess.hold(platform.pid(RoleName.KAFKA)));
        }
        platform.hold(RoleName.KAFKA);
        platform.kill(RoleName.KAFKA);
        return new Dead(platform);
    }

    /** Whether it still does nothing. */
    boolean lasts() throws IOException;

    /** Lets it work again; does not wait for that. */
    @Override
    void close() throws IOException;

    /** Its connections stay open, and nobody answers. */
    record Hanging(HeldProcess kafka) implements KafkaOutage {
        @Override
        public boolean lasts() throws IOException {
            return kafka.isStopped();
        }

        @Override
        public void close() throws IOException {
            kafka.close();
        }
    }

    /** Killed; connections are refused. */
    record Dead(Platform platform) implements KafkaOutage {
        @Override
        public boolean lasts() {
            return platform.status(RoleName.KAFKA).state() == RoleStatus.State.HELD;
        }

        @Override
        public void close() {
            platform.release(RoleName.KAFKA);
        }
    }
}
