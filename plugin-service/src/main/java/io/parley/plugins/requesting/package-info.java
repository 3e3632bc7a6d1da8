/** Requests of users that plugins answer, as nodes ask them. */
@NullMarked
package io.parley.plugins.requesting;

import org.jspecify.annotations.NullMarked;
