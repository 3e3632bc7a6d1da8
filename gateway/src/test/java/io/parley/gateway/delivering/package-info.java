/** Tests of the delivery, on one thread and with a clock of their own. */
@NullMarked
package io.parley.gateway.delivering;

import org.jspecify.annotations.NullMarked;
