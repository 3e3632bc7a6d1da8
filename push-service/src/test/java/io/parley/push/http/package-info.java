@NullMarked
package io.parley.push.http;

import org.jspecify.annotations.NullMarked;
