/**
 * Client libraries off the shelf, each used as its manual says, through everything that can happen to a platform. Nothing here does the
 * work of a library: no second subscription, no connection state, and no second publication, except of what a library gave back unsent.
 */
@NullMarked
package io.parley.standalone.libraries;

import org.jspecify.annotations.NullMarked;
