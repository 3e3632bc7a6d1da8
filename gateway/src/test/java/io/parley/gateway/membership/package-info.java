@NullMarked
package io.parley.gateway.membership;

import org.jspecify.annotations.NullMarked;
