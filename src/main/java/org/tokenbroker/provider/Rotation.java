package org.tokenbroker.provider;

import java.time.Duration;

/**
 * What a provider does with a refresh token once it has been used: decides how an outcome-unknown
 * refresh is handled (G-5, X-4).
 */
public sealed interface Rotation {
  /** The refresh token stays valid: an unknown outcome may be retried freely. */
  record None() implements Rotation {}

  /**
   * The used token is still accepted for a while.
   *
   * @param window counted from the moment the first request was sent; positive
   */
  record Grace(Duration window) implements Rotation {
    public Grace {
      if (window.isNegative() || window.isZero()) {
        throw new IllegalArgumentException("a grace window must be positive");
      }
    }
  }

  /**
   * Single use, and presenting it again may revoke everything; also assumed where nothing is known.
   */
  record Strict() implements Rotation {}
}
