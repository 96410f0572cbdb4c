package org.tokenbroker.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;

/**
 * The moments of an access token's life (reliability §2.2 rule 1).
 *
 * @param prefetchAt from then on it is refreshed in the background; after {@code expiresAt} only
 *     where the provider allows no earlier renewal
 * @param mandatoryAt from then on a reader waits shortly for a refresh, before it gets the old
 *     token; not before {@code prefetchAt}
 * @param expiresAt from then on it is served to nobody
 */
public record Windows(Instant prefetchAt, Instant mandatoryAt, Instant expiresAt) {
  private static final Duration SHORT_LIFE = Duration.ofMinutes(5);
  private static final Duration SHORTEST_RUNWAY = Duration.ofSeconds(30);
  private static final Duration LONGEST_RUNWAY = Duration.ofMinutes(5);

  /** How long before its end a refresh token whose end stays is used for the last time. */
  private static final Duration LAST_USE = Duration.ofMinutes(5);

  /**
   * The jitter is the same for the same connection and generation: a restart plans the same moments
   * (G-7).
   */
  public static Windows of(ConnectionId id, Held held, Rhythm rhythm) {
    return of(held.lifetime(), rhythm, Optional.empty(), jitter(id, held));
  }

  /** Also before the refresh token ends, where its end is told (G-8). */
  public static Windows of(
      ConnectionId id, Held held, Rhythm rhythm, Optional<RefreshToken> refreshToken) {
    return of(held.lifetime(), rhythm, refreshToken, jitter(id, held));
  }

  /**
   * @param jitter 0 up to but not including 1
   */
  static Windows of(
      Lifetime lifetime, Rhythm rhythm, Optional<RefreshToken> refreshToken, double jitter) {
    Duration life = lifetime.total();
    Instant issuedAt = lifetime.issuedAt();
    Instant byLife = issuedAt.plus(prefetchAge(life, jitter));
    Instant byDeadline = aheadOf(deadline(lifetime, rhythm, refreshToken), issuedAt, jitter);
    Instant prefetchAt = latest(earliest(byLife, byDeadline), issuedAt.plus(rhythm.minInterval()));
    Instant mandatoryAt = lifetime.expiresAt().minus(clamp(life.dividedBy(5)));
    return new Windows(prefetchAt, latest(mandatoryAt, prefetchAt), lifetime.expiresAt());
  }

  /** When to refresh next, seen from now: never in the past. */
  public Instant nextRefresh(Instant now) {
    return latest(prefetchAt, now);
  }

  private static Duration prefetchAge(Duration life, double jitter) {
    return life.compareTo(SHORT_LIFE) < 0
        ? life.dividedBy(2)
        : twoThirds(life).minus(Duration.ofMillis((long) (life.toMillis() * jitter / 10)));
  }

  private static Instant deadline(
      Lifetime lifetime, Rhythm rhythm, Optional<RefreshToken> refreshToken) {
    Instant issuedAt = lifetime.issuedAt();
    Instant byMargin = lifetime.expiresAt().minus(atMostHalf(rhythm.margin(), lifetime));
    Instant byIdle =
        rhythm.idleLifetime().map(idle -> issuedAt.plus(twoThirds(idle))).orElse(byMargin);
    Instant byToken = refreshToken.flatMap(token -> lastUse(token, issuedAt)).orElse(byMargin);
    return earliest(byMargin, earliest(byIdle, byToken));
  }

  private static Duration atMostHalf(Duration margin, Lifetime lifetime) {
    Duration half = lifetime.total().dividedBy(2);
    return margin.compareTo(half) > 0 ? half : margin;
  }

  /**
   * One whose end stays is used once more shortly before it, so that the access token outlives it.
   */
  private static Optional<Instant> lastUse(RefreshToken token, Instant issuedAt) {
    return token
        .expiresAt()
        .filter(issuedAt::isBefore)
        .flatMap(
            end ->
                token.endStays()
                    ? Optional.of(end.minus(LAST_USE)).filter(issuedAt.plus(LAST_USE)::isBefore)
                    : Optional.of(issuedAt.plus(twoThirds(Duration.between(issuedAt, end)))));
  }

  private static Instant aheadOf(Instant deadline, Instant issuedAt, double jitter) {
    long left = Duration.between(issuedAt, deadline).toMillis();
    return deadline.minusMillis((long) (left * jitter / 10));
  }

  private static Duration twoThirds(Duration time) {
    return time.multipliedBy(2).dividedBy(3);
  }

  private static Instant earliest(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
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
