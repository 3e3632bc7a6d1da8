@NullMarked
package io.parley.bridge.engine;

import org.jspecify.annotations.NullMarked;
