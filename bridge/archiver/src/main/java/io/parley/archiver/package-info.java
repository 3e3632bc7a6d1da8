/** The archiver: copies events and pointers to Cassandra, in order, and loses none. */
@NullMarked
package io.parley.archiver;

import org.jspecify.annotations.NullMarked;
