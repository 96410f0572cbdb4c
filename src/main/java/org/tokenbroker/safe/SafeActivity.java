package org.tokenbroker.safe;

import java.time.Instant;
import java.util.Optional;

/**
 * What the calls so far told about the safe. Immutable: each outcome gives a new one.
 *
 * @param state by the latest write or probe, or by any later failure; an answered read says nothing
 *     about writing. Empty before the first
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

  public SafeActivity after(SafeRead outcome, Instant at) {
    return switch (outcome) {
      case SafeRead.Found found -> answered(at);
      case SafeRead.Absent absent -> answered(at);
      case SafeRead.Unavailable(SafeFault fault) -> failed(fault, at);
    };
  }

  public SafeActivity after(SafeWrite outcome, Instant at) {
    return switch (outcome) {
      case SafeWrite.Written written -> writable(at);
      case SafeWrite.Conflict conflict -> writable(at);
      case SafeWrite.Unavailable(SafeFault fault) -> failed(fault, at);
    };
  }

  public SafeActivity after(SafeDestroy outcome, Instant at) {
    return switch (outcome) {
      case SafeDestroy.Destroyed destroyed -> answered(at);
      case SafeDestroy.Unavailable(SafeFault fault) -> failed(fault, at);
    };
  }

  /** After a probe. */
  public SafeActivity after(SafeState probed, Instant at) {
    return switch (probed) {
      case SafeState.Writable writable -> writable(at);
      case SafeState.Unavailable(SafeFault fault) -> failed(fault, at);
    };
  }

  public SafeActivity withCredentialExpiry(Optional<Instant> expiry) {
    return new SafeActivity(state, lastSuccess, lastFailure, expiry);
  }

  private SafeActivity answered(Instant at) {
    return new SafeActivity(state, Optional.of(at), lastFailure, credentialExpiry);
  }

  private SafeActivity writable(Instant at) {
    return new SafeActivity(
        Optional.of(new SafeState.Writable()), Optional.of(at), lastFailure, credentialExpiry);
  }

  private SafeActivity failed(SafeFault fault, Instant at) {
    return new SafeActivity(
        Optional.of(new SafeState.Unavailable(fault)),
        lastSuccess,
        Optional.of(at),
        credentialExpiry);
  }
}
