/** Tests of the pipeline, on one thread and with a clock of their own. */
@NullMarked
package io.parley.gateway.publishing;

import org.jspecify.annotations.NullMarked;
