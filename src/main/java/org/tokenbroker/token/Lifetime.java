package org.tokenbroker.token;

import java.time.Duration;
import java.time.Instant;

/**
 * When a token was issued and when it ends, both by the broker's own clock.
 *
 * @param issuedAt when the request for the token was sent (not when the answer came: reliability
 *     §2.2 rule 1)
 * @param expiresAt the first moment at which the token must not be used any more; not before {@code
 *     issuedAt}
 */
public record Lifetime(Instant issuedAt, Instant expiresAt) {
  public Lifetime {
    if (expiresAt.isBefore(issuedAt)) {
      throw new IllegalArgumentException("a lifetime must not end before it starts");
    }
  }

  public Duration total() {
    return Duration.between(issuedAt, expiresAt);
  }

  /** Life left at that moment; zero when it is over, never negative. */
  public Duration remaining(Instant now) {
    return now.isBefore(expiresAt) ? Duration.between(now, expiresAt) : Duration.ZERO;
  }

  public boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
