/** What a node checks of requests before the engine gets them. */
@NullMarked
package io.parley.gateway.requesting;

import org.jspecify.annotations.NullMarked;
