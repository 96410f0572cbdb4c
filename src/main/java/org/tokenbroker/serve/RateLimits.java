package org.tokenbroker.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How often each consumer may ask (G-11), by the generic cell rate algorithm: one moment per
 * consumer, the one at which all its allowance is used up.
 */
public final class RateLimits {
  private static final int CONSUMERS = 100_000;

  private final Duration interval;
  private final Duration tolerance;
  private final Cache<Consumer, AtomicReference<Instant>> usedUpTo =
      Caffeine.newBuilder().maximumSize(CONSUMERS).executor(Runnable::run).build();

  /**
   * @param perSecond requests over time, at least 1
   * @param burst requests at once, at least 1
   */
  RateLimits(int perSecond, int burst) {
    this.interval = Duration.ofSeconds(1).dividedBy(perSecond);
    this.tolerance = interval.multipliedBy(burst);
  }

  /** Counts a request; empty if it is allowed, else the time after which one is. */
  public Optional<Duration> exceeded(Consumer consumer, Instant now) {
    AtomicReference<Instant> cell =
        usedUpTo.get(consumer, first -> new AtomicReference<>(Instant.MIN));
    while (true) {
      Instant used = cell.get();
      Instant next = (used.isBefore(now) ? now : used).plus(interval);
      Duration ahead = Duration.between(now, next);
      if (ahead.compareTo(tolerance) > 0) {
        return Optional.of(ahead.minus(tolerance));
      }
      if (cell.compareAndSet(used, next)) {
        return Optional.empty();
      }
    }
  }
}
