@NullMarked
package io.parley.history.page;

import org.jspecify.annotations.NullMarked;
