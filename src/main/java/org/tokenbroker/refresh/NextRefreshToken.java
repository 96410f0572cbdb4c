package org.tokenbroker.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.Secret;

/**
 * What a refresh answer says of refresh tokens. Pure.
 *
 * @param value absent: the one before stays in use (C5)
 * @param expiresAt where the answer tells it
 * @param rotation what the profile says of refresh tokens that were used
 */
record NextRefreshToken(Optional<Secret> value, Optional<Instant> expiresAt, Rotation rotation) {
  private static final Duration ROUNDING = Duration.ofSeconds(3);

  /** None in the answer, or the same one: the old one stays in use. */
  Optional<RefreshToken> after(Credential current) {
    Optional<RefreshToken> former = current.refreshToken();
    return value
        .filter(told -> !former.map(RefreshToken::value).equals(Optional.of(told)))
        .map(told -> replacing(former, told, current.refreshTokenNumber() + 1))
        .or(() -> former.map(this::inUseStill));
  }

  private RefreshToken replacing(Optional<RefreshToken> former, Secret told, long number) {
    return new RefreshToken(told, number, expiresAt, stays(former, expiresAt));
  }

  /** An end that is not told again has not moved. */
  private RefreshToken inUseStill(RefreshToken token) {
    Optional<Instant> end = expiresAt.or(token::expiresAt);
    return new RefreshToken(token.value(), token.number(), end, stays(Optional.of(token), end));
  }

  private boolean stays(Optional<RefreshToken> former, Optional<Instant> end) {
    return rotation instanceof Rotation.None
        || former
            .flatMap(RefreshToken::expiresAt)
            .flatMap(before -> end.map(after -> isSameEnd(before, after)))
            .orElse(false);
  }

  /** Told as a time left in whole seconds, the same end comes out a little earlier or later. */
  private static boolean isSameEnd(Instant before, Instant after) {
    return after.isBefore(before.plus(ROUNDING));
  }
}
