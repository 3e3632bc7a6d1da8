/** What is to go, goes: records that every reader has. */
@NullMarked
package io.parley.bridge.retention;

import org.jspecify.annotations.NullMarked;
