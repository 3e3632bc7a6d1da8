package io.parley.push.fcm;

import com.google.firebase.FirebaseApp;
import com.google.firebase.ThreadManager;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;

/** Makes the SDK use the provider's pool: its own has no bound. The provider closes the pool. */
final class FcmThreads extends ThreadManager {
    private final ExecutorService pool;

    FcmThreads(ExecutorService pool) {
        this.pool = pool;
    }

    @Override
    protected ExecutorService getExecutor(FirebaseApp app) {
        return pool;
    }

    @Override
    protected void releaseExecutor(FirebaseApp app, ExecutorService executor) {
        // Other apps send with it.
    }

    @Override
    protected ThreadFactory getThreadFactory() {
        return task -> {
            Thread thread = new Thread(task, "fcm-sdk");
            thread.setDaemon(true);
            return thread;
        };
    }
}
