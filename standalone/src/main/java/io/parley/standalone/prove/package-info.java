/**
 * Faults on a running cluster, drawn from a seed: a {@link io.parley.standalone.prove.Fault} draws itself and strikes; {@link
 * io.parley.standalone.prove.Faults} is the list of them, where another one is added; a {@link io.parley.standalone.prove.Schedule} says when which strikes whom. No
 * load and no audit lives here: the bench has both.
 */
@NullMarked
package io.parley.standalone.prove;

import org.jspecify.annotations.NullMarked;
