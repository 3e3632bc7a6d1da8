/** Tests of what is stored and read. */
@NullMarked
package io.parley.storage;

import org.jspecify.annotations.NullMarked;
