/** Tests of devices that come by calls: a log in memory, a loop of the test's own, and no network. */
@NullMarked
package io.parley.history.polling;

import org.jspecify.annotations.NullMarked;
