package io.parley.standalone;

import com.sun.tools.attach.VirtualMachine;
import java.util.Map;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What {@code nodetool} does, to a running Cassandra of this machine. */
final class CassandraTools {
    private CassandraTools() {}

    private interface Work {
        void on(MBeanServerConnection beans, ObjectName storage) throws Exception;
    }

    /** Writes what is in memory to files, and merges all files of each table. */
    static void flushAndCompact(long pid, String keyspace) throws Exception {
        String[] allTables = {};
        storage(pid, (beans, storage) -> {
            beans.invoke(storage, "forceKeyspaceFlush", new Object[] {keyspace, allTables}, new String[] {
                String.class.getName(), String[].class.getName()
            });
            beans.invoke(storage, "forceKeyspaceCompaction", new Object[] {false, keyspace, allTables}, new String[] {
                boolean.class.getName(), String.class.getName(), String[].class.getName()
            });
        });
    }

    /** {@code nodetool snapshot -t NAME KEYSPACE}. */
    static void snapshot(long pid, String keyspace, String name) throws Exception {
        storage(
                pid,
                (beans, storage) -> beans.invoke(
                        storage, "takeSnapshot", new Object[] {name, Map.of(), new String[] {keyspace}}, new String[] {
                            String.class.getName(), Map.class.getName(), String[].class.getName()
                        }));
    }

    // The other side is a process that the test started.
    @SuppressWarnings("BanJNDI")
    private static void storage(long pid, Work work) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try (JMXConnector connector =
                JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            work.on(
                    connector.getMBeanServerConnection(),
                    new ObjectName("org.apache.cassandra.db:type=StorageService"));
        } finally {
            machine.detach();
        }
    }
}
