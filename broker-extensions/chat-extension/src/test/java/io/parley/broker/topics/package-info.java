@NullMarked
package io.parley.broker.topics;

import org.jspecify.annotations.NullMarked;
