package org.tokenbroker.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import org.tokenbroker.token.ConnectionId;

/**
 * For which connections waiting is of no use now: a refresh was just refused, so readers neither
 * wait nor ask again until its time.
 */
final class Patience {
  /** A longer refusal is checked anew after that time. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private final Duration longestWait;
  private final Cache<ConnectionId, Instant> restUntil;

  /**
   * @param longestWait of one reader, not negative
   * @param capacity connections remembered at most
   */
  Patience(Duration longestWait, int capacity) {
    this.longestWait = longestWait;
    this.restUntil = Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
  }

  Duration longestWait() {
    return longestWait;
  }

  void rest(ConnectionId id, Instant now, Duration time) {
    restUntil.put(id, now.plus(time.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : time));
  }

  /** Zero when it may be asked. */
  Duration restLeft(ConnectionId id, Instant now) {
    Instant until = restUntil.getIfPresent(id);
    return until != null && now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
  }
}
