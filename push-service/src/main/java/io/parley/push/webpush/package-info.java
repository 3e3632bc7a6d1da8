/**
 * Browsers and UnifiedPush, by Web Push (RFC 8030, 8291, 8292). The addresses that it sends to come from users: {@link io.parley.push.webpush.EndpointRules} and
 * {@link io.parley.push.webpush.AddressRules} keep it away from this network, and nothing that such an address answers is believed or kept.
 */
@NullMarked
package io.parley.push.webpush;

import org.jspecify.annotations.NullMarked;
