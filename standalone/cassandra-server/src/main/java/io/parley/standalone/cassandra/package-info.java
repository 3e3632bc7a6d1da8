/** A single Cassandra node in a process of its own. Its class path is Cassandra's: no other module comes in here. */
@NullMarked
package io.parley.standalone.cassandra;

import org.jspecify.annotations.NullMarked;
