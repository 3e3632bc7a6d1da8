/**
 * Counterparts of the platforms for tests and for trying things out: small servers on this machine that check what the service sends as the real ones do, and tell
 * each notification that they accept. They are never part of a production setup.
 */
@NullMarked
package io.parley.push.sink;

import org.jspecify.annotations.NullMarked;
