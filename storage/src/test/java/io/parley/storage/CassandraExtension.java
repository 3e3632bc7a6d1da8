package io.parley.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one Cassandra that they share: its start and its tables cost more than most of them. Tests keep apart by conversations and users of their own.
 */
final class CassandraExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(CassandraExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCassandra.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The store of the root stops it when the last test is over.
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(TestCassandra.class, key -> start(), TestCassandra.class);
    }

    private static TestCassandra start() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "cassandra").toAbsolutePath());
            return TestCassandra.start(Files.createTempDirectory(folder, "data"));
        } catch (Exception e) {
            throw new IllegalStateException("Cassandra does not start", e);
        }
    }
}
