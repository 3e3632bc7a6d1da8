/** What a platform needs for so many users, calculated from what was measured. Pure: nothing here runs or asks a server. */
@NullMarked
package io.parley.standalone.model;

import org.jspecify.annotations.NullMarked;
