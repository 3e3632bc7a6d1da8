/** Sessions of devices: which connection has one, how it begins and ends. */
@NullMarked
package io.parley.bridge.user.session;

import org.jspecify.annotations.NullMarked;
