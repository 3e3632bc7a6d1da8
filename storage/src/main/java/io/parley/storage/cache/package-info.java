/**
 * The newest messages of conversations, in this process (Caffeine) and in Redis. Knows no Cassandra and no rights: who asks says which changes of stored
 * messages what is found must have. A cache that is empty, slow or gone costs time and nothing else.
 */
@NullMarked
package io.parley.storage.cache;

import org.jspecify.annotations.NullMarked;
