/** What is to go, goes: records that every reader has. */
@NullMarked
package io.parley.archiver.truncation;

import org.jspecify.annotations.NullMarked;
