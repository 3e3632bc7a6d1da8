package io.parley.standalone;

import com.sun.tools.attach.VirtualMachine;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What {@code nodetool} does, to a running Cassandra of this machine. */
final class CassandraTools {
    private CassandraTools() {}

    /** Writes what is in memory to files, and merges all files of each table. */
    // The other side is a process that the test started.
    @SuppressWarnings("BanJNDI")
    static void flushAndCompact(long pid, String keyspace) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try (JMXConnector connector =
                JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            ObjectName storage = new ObjectName("org.apache.cassandra.db:type=StorageService");
            String[] allTables = {};
            beans.invoke(storage, "forceKeyspaceFlush", new Object[] {keyspace, allTables}, new String[] {
                String.class.getName(), String[].class.getName()
            });
            beans.invoke(storage, "forceKeyspaceCompaction", new Object[] {false, keyspace, allTables}, new String[] {
                boolean.class.getName(), String.class.getName(), String[].class.getName()
            });
        } finally {
            machine.detach();
        }
    }
}
