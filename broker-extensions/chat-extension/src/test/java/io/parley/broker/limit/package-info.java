@NullMarked
package io.parley.broker.limit;

import org.jspecify.annotations.NullMarked;
