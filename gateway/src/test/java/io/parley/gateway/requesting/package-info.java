@NullMarked
package io.parley.gateway.requesting;

import org.jspecify.annotations.NullMarked;
