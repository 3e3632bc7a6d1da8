/**
 * Apple's push notification service, by Pushy. Which answer means what is Apple's own list:
 * <a href="https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns">Handling notification responses from APNs</a>.
 */
@NullMarked
package io.parley.push.apns;

import org.jspecify.annotations.NullMarked;
