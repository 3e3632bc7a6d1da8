/** Tests of push systems that plugins know. */
@NullMarked
package io.parley.push.plugins;

import org.jspecify.annotations.NullMarked;
