/** Tests of attachments, without Cassandra. */
@NullMarked
package io.parley.media;

import org.jspecify.annotations.NullMarked;
