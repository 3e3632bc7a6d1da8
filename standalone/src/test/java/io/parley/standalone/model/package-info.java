@NullMarked
package io.parley.standalone.model;

import org.jspecify.annotations.NullMarked;
