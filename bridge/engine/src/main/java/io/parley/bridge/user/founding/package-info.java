/** How a group is created: its name is chosen once for each request. */
@NullMarked
package io.parley.bridge.user.founding;

import org.jspecify.annotations.NullMarked;
