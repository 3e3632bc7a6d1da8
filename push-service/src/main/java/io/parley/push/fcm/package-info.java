/**
 * Android, by Firebase Cloud Messaging: Google's Admin SDK makes the messages and the credentials, the JDK's HTTP client sends them. One attempt is one request:
 * the SDK's own retries, which would hold a thread for minutes, are kept out by {@link io.parley.push.fcm.FcmTransport}.
 */
@NullMarked
package io.parley.push.fcm;

import org.jspecify.annotations.NullMarked;
