/** Each anomaly is found, and a clean run has none. */
@NullMarked
package io.parley.audit;

import org.jspecify.annotations.NullMarked;
