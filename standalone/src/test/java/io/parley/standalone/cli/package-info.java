@NullMarked
package io.parley.standalone.cli;

import org.jspecify.annotations.NullMarked;
