@NullMarked
package io.parley.gateway.throttling;

import org.jspecify.annotations.NullMarked;
