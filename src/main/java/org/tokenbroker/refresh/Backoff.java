package org.tokenbroker.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongUnaryOperator;
import org.tokenbroker.connection.Health;

/** How long to wait after a failed refresh: full jitter (reliability §2.2 rule 2). */
final class Backoff {
  private static final Duration BASE = Duration.ofSeconds(1);
  private static final Duration CAP = Duration.ofSeconds(60);
  private static final Duration LATE_CAP = Duration.ofSeconds(300);
  private static final Duration LATE_AFTER = Duration.ofHours(1);

  /** Random number from 0 up to but not including the argument. */
  private final LongUnaryOperator random;

  Backoff(LongUnaryOperator random) {
    this.random = random;
  }

  /**
   * @param ailing the state after the failure that was just seen
   */
  Instant after(Health.Ailing ailing, Instant now) {
    Duration cap = ailing.since().plus(LATE_AFTER).isAfter(now) ? CAP : LATE_CAP;
    long ceiling = Math.min(cap.toMillis(), BASE.toMillis() << Math.min(ailing.failures(), 20));
    return now.plusMillis(random.applyAsLong(ceiling) + 1);
  }

  /**
   * A moment within the spread after the given one, so that those who wait for the same do not come
   * at once.
   */
  Instant spread(Instant from, Duration spread) {
    return from.plusMillis(random.applyAsLong(spread.toMillis()) + 1);
  }
}
