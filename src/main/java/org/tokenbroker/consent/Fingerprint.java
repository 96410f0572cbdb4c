package org.tokenbroker.consent;

import org.tokenbroker.token.Secret;

/**
 * All that PostgreSQL holds of a ticket, a state or a browser cookie: enough to recognise it,
 * useless to forge it. No salt is needed, since what is hashed has 256 random bits. A code of an
 * install is kept like this too, after which nobody can use it.
 *
 * @param value SHA-256 in base64url, 43 characters
 */
public record Fingerprint(String value) {
  public static Fingerprint of(Secret secret) {
    return new Fingerprint(Sha256.base64url(secret));
  }
}
