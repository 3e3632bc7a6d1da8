@NullMarked
package io.parley.push.webpush;

import org.jspecify.annotations.NullMarked;
