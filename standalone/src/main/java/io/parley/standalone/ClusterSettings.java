package io.parley.standalone;

import io.parley.runtime.Settings;

/**
 * What is set otherwise in a cluster; the keys are explained in reference.conf.
 *
 * @param partitions of the log's topics
 * @param commitIntervalMillis between the engines' transactions
 */
record ClusterSettings(int partitions, int commitIntervalMillis) {

    static ClusterSettings from(Settings settings) {
        return new ClusterSettings(
                settings.integer("parley.standalone.cluster.partitions", 1, 1024),
                settings.integer("parley.standalone.cluster.commit-interval-millis", 1, 1000));
    }
}
