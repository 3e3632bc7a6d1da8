package io.parley.push.sink;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * What {@link ApnsCounterpart} shows to senders, and what it believes.
 *
 * @param certificate of the server
 * @param certificateKey its key
 * @param signer whose tokens are believed: the public part of the senders' key, with its id
 */
public record ApnsIdentity(X509Certificate certificate, PrivateKey certificateKey, ApnsVerificationKey signer) {}
