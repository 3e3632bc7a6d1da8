@NullMarked
package io.parley.push.message;

import org.jspecify.annotations.NullMarked;
