package org.tokenbroker.serve;

import java.time.Duration;
import java.time.Instant;
import org.tokenbroker.token.Lifetime;

/**
 * The life a served token must still have (G-10, reliability §2.2 rule 1).
 *
 * @param asked at least {@link #FLOOR}
 */
public record MinimumLife(Duration asked) {
  /** What everybody gets, and nobody can ask for less. */
  public static final Duration FLOOR = Duration.ofSeconds(60);

  /**
   * @throws IllegalArgumentException if it is less than the floor
   */
  public MinimumLife {
    if (asked.compareTo(FLOOR) < 0) {
      throw new IllegalArgumentException("a minimum life must be at least the floor");
    }
  }

  /**
   * Raises a smaller wish to the floor.
   *
   * @param wished not negative
   */
  public static MinimumLife of(Duration wished) {
    return new MinimumLife(wished.compareTo(FLOOR) < 0 ? FLOOR : wished);
  }

  public static MinimumLife standard() {
    return new MinimumLife(FLOOR);
  }

  /**
   * What is asked of that token: never more than half its whole life, or it could never be served.
   */
  public Duration of(Lifetime lifetime) {
    Duration half = lifetime.total().dividedBy(2);
    return asked.compareTo(half) < 0 ? asked : half;
  }

  public boolean isMetBy(Lifetime lifetime, Instant now) {
    return !lifetime.isOver(now) && lifetime.remaining(now).compareTo(of(lifetime)) >= 0;
  }
}
