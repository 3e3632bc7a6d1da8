@NullMarked
package io.parley.push.sink;

import org.jspecify.annotations.NullMarked;
