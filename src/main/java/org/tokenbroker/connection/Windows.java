package org.tokenbroker.connection;

import java.time.Duration;
import java.time.Instant;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;

/**
 * The moments of an access token's life (reliability §2.2 rule 1).
 *
 * @param prefetchAt from then on it is refreshed in the background
 * @param mandatoryAt from then on a reader waits shortly for a refresh, before it gets the old
 *     token; not before {@code prefetchAt}
 * @param expiresAt from then on it is served to nobody
 */
public record Windows(Instant prefetchAt, Instant mandatoryAt, Instant expiresAt) {
  private static final Duration SHORT_LIFE = Duration.ofMinutes(5);
  private static final Duration SHORTEST_RUNWAY = Duration.ofSeconds(30);
  private static final Duration LONGEST_RUNWAY = Duration.ofMinutes(5);

  /**
   * The jitter is the same for the same connection and generation: a restart plans the same moments
   * (G-7).
   */
  public static Windows of(ConnectionId id, Held held) {
    return of(held.lifetime(), jitter(id, held));
  }

  /**
   * @param jitter 0 up to but not including 1
   */
  static Windows of(Lifetime lifetime, double jitter) {
    Duration life = lifetime.total();
    Instant prefetchAt = lifetime.issuedAt().plus(prefetchAge(life, jitter));
    Instant mandatoryAt = lifetime.expiresAt().minus(clamp(life.dividedBy(5)));
    return new Windows(
        prefetchAt,
        mandatoryAt.isBefore(prefetchAt) ? prefetchAt : mandatoryAt,
        lifetime.expiresAt());
  }

  private static Duration prefetchAge(Duration life, double jitter) {
    return life.compareTo(SHORT_LIFE) < 0
        ? life.dividedBy(2)
        : life.multipliedBy(2)
            .dividedBy(3)
            .minus(Duration.ofMillis((long) (life.toMillis() * jitter / 10)));
  }

  private static Duration clamp(Duration runway) {
    if (runway.compareTo(SHORTEST_RUNWAY) < 0) {
      return SHORTEST_RUNWAY;
    }
    return runway.compareTo(LONGEST_RUNWAY) > 0 ? LONGEST_RUNWAY : runway;
  }

  private static double jitter(ConnectionId id, Held held) {
    long mixed = (id.value().hashCode() * 31L + held.generation().value()) * 0x9E3779B97F4A7C15L;
    return (mixed >>> 11) * 0x1.0p-53;
  }
}
