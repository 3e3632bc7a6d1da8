@NullMarked
package io.parley.push.fcm;

import org.jspecify.annotations.NullMarked;
