@NullMarked
package io.parley.storage.cache;

import org.jspecify.annotations.NullMarked;
