package io.parley.plugins.loading;

/**
 * What plugins see of this process: the JDK, the plugin API and the log's front (SLF4J). Kafka, Parley's insides and whatever else is on the class path stay
 * out of their sight, so that a plugin brings its own version of any library.
 */
final class ApiClasses extends ClassLoader {
    private static final String[] SHARED = {"io.parley.plugin.", "org.slf4j."};

    private final ClassLoader process;

    ApiClasses(ClassLoader process) {
        super(ClassLoader.getPlatformClassLoader());
        this.process = process;
    }

    /** Whether a class is this process's also where a plugin has one of that name. */
    static boolean isShared(String name) {
        for (String prefix : SHARED) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isShared(name)) {
            return process.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
