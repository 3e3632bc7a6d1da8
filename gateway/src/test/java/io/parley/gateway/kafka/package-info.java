@NullMarked
package io.parley.gateway.kafka;

import org.jspecify.annotations.NullMarked;
