/** What providers without a format of their own show and hand to an app: the text, cut to size, and the data fields. Pure: no clock, no network. */
@NullMarked
package io.parley.push.message;

import org.jspecify.annotations.NullMarked;
