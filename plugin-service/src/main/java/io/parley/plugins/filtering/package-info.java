/** The filters of all plugins, one after the other, as nodes ask them. */
@NullMarked
package io.parley.plugins.filtering;

import org.jspecify.annotations.NullMarked;
