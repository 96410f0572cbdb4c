package org.tokenbroker.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongUnaryOperator;

/** When the provider is asked for facts again: full jitter over a doubling time. */
final class FactRetry {
  private static final Duration BASE = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Random number from 0 up to but not including the argument. */
  private final LongUnaryOperator random;

  FactRetry(LongUnaryOperator random) {
    this.random = random;
  }

  /**
   * @param failures looks that brought nothing before this one
   */
  Instant after(int failures, Instant now) {
    long ceiling = Math.min(LONGEST.toMillis(), BASE.toMillis() << Math.min(failures, 10));
    return now.plusMillis(random.applyAsLong(ceiling) + 1);
  }
}
