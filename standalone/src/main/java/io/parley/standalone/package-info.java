/**
 * The whole platform on one machine: which processes it consists of, how each is started, watched, restarted and stopped. The
 * processes are known by class path and main class only; none of their classes comes in here.
 */
@NullMarked
package io.parley.standalone;

import org.jspecify.annotations.NullMarked;
