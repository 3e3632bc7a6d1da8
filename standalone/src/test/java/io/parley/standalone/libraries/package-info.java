/**
 * Client libraries off the shelf, each used as its manual says, through everything that can happen to a platform. Nothing here does the
 * work of a library: no second subscription, no second publication, no connection state.
 */
@NullMarked
package io.parley.standalone.libraries;

import org.jspecify.annotations.NullMarked;
