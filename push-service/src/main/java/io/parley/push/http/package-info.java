/** What providers that speak HTTP share: a bounded pool, and how long an answer asks to wait. */
@NullMarked
package io.parley.push.http;

import org.jspecify.annotations.NullMarked;
