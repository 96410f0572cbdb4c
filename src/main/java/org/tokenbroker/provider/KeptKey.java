package org.tokenbroker.provider;

import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger knows of a signing key. Holds no secret.
 *
 * @param keyId {@code kid} (RFC 7517 §4.5); no secret
 * @param algorithm JWS algorithm that it signs with
 * @param publicJwk its public half (RFC 7517) as JSON text; absent where it was put before the
 *     ledger kept public halves: the safe tells it then
 */
public record KeptKey(
    String keyId, String algorithm, Optional<String> publicJwk, KeyState state, Instant createdAt) {

  KeptKey in(KeyState next) {
    return new KeptKey(keyId, algorithm, publicJwk, next, createdAt);
  }

  KeptKey signing(SigningKey key, String with) {
    return new KeptKey(keyId, with, Optional.of(key.publicJwk(with)), state, createdAt);
  }

  /** Whether it is the public half of that key, as far as the ledger can tell. */
  boolean isOf(SigningKey key) {
    return publicJwk.map(own -> own.equals(key.publicJwk(algorithm))).orElse(true);
  }

  /** Its certificate, where it has one. */
  public Optional<KeyCertificate> certificate() {
    return publicJwk.flatMap(KeyCertificate::of);
  }

  /** Whether its private part has a reason to exist. */
  public boolean isLiving() {
    return !(state instanceof KeyState.Retired);
  }

  /** Whether assertions are signed with it. */
  public boolean isActive() {
    return state instanceof KeyState.Active;
  }

  /** Whether a provider that reads our key set is to find it there. */
  public boolean isPublished(Instant now) {
    return switch (state) {
      case KeyState.Generated generated -> true;
      case KeyState.Uploaded uploaded -> true;
      case KeyState.Active active -> true;
      case KeyState.Retired retired -> now.isBefore(retired.publishedUntil());
    };
  }
}
