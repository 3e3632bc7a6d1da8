/** Groups: create, add, remove, leave, roles; and members whose user machines declined. */
@NullMarked
package io.parley.bridge.conversation.membership;

import org.jspecify.annotations.NullMarked;
