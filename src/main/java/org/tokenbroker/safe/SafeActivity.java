package org.tokenbroker.safe;

import java.time.Instant;
import java.util.Optional;

/**
 * What the calls so far told about the safe. Immutable: each outcome gives a new one.
 *
 * @param state by the latest write or probe; a read says nothing about writing, so a failed read
 *     only makes it unavailable. Empty before the first
 * @param lastSuccess when the safe last did what it was asked; a conflict or an absent document is
 *     a success too
 * @param lastFailure when it last did not
 * @param credentialExpiry when the broker's own login at the safe ends unless renewed; empty where
 *     it has none or it has no end
 */
public record SafeActivity(
    Optional<SafeState> state,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastFailure,
    Optional<Instant> credentialExpiry) {
  public static final SafeActivity NONE =
      new SafeActivity(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A read or a destroy was answered. */
  public SafeActivity answered(Instant at) {
    return new SafeActivity(state, Optional.of(at), lastFailure, credentialExpiry);
  }

  /** A write or a probe was answered as by a writable safe. */
  public SafeActivity writable(Instant at) {
    return new SafeActivity(
        Optional.of(new SafeState.Writable()), Optional.of(at), lastFailure, credentialExpiry);
  }

  public SafeActivity failed(SafeFault fault, Instant at) {
    return new SafeActivity(
        Optional.of(new SafeState.Unavailable(fault)),
        lastSuccess,
        Optional.of(at),
        credentialExpiry);
  }

  public SafeActivity withCredentialExpiry(Optional<Instant> expiry) {
    return new SafeActivity(state, lastSuccess, lastFailure, expiry);
  }
}
