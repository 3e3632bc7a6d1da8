/** A plugin that runs: its threads, its budgets of time, what it registered and what is counted of it. */
@NullMarked
package io.parley.plugins.running;

import org.jspecify.annotations.NullMarked;
