/** Tests of the delivery, on one thread and with a clock of their own. */
@NullMarked
package io.parley.delivery;

import org.jspecify.annotations.NullMarked;
