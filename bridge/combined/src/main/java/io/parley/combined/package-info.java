/** Several roles in one process. */
@NullMarked
package io.parley.combined;

import org.jspecify.annotations.NullMarked;
