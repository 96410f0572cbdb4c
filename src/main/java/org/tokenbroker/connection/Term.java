package org.tokenbroker.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.provider.Profile;

/**
 * How long an owner's agreement lasts (G-9). Pure.
 *
 * @param agreedAt when the grant was kept
 * @param endsAt from then on the owner has to agree again, however fresh the refresh token is:
 *     {@code grant.max_age} after {@code agreedAt}, or the end of a refresh token whose use does
 *     not move it, whichever comes first; absent: none is known. Nothing is ended by it: the
 *     provider's refusal does that
 * @param warnedAt when <i>consent expiring</i> was raised, once for each agreement; absent before,
 *     and again once the end has moved away from the one that was warned of
 * @param refreshable whether a refresh token is held for it
 */
public record Term(
    Instant agreedAt, Optional<Instant> endsAt, Optional<Instant> warnedAt, boolean refreshable) {
  /** An end that is told later by more than that is another one: no clock explains it. */
  public static final Duration ANOTHER_END = Duration.ofHours(1);

  /** A grant that is being kept now. */
  public static Term kept(Instant now, Profile.Grant grant, Credential credential) {
    return new Term(
        now, end(now, grant, credential), Optional.empty(), credential.refreshToken().isPresent());
  }

  /**
   * As a refresh finds it. The end is told anew, by what the profile says today and by the newest
   * refresh token. An agreement that only the safe knows of, after a crash, counts from the moment
   * its owner was sent to the provider.
   *
   * @param known what the ledger knows; that of an earlier agreement, or nothing, after a crash
   * @return empty where no owner agreed: client credentials
   */
  public static Optional<Term> refreshed(
      Optional<Term> known, Profile.Grant grant, Credential credential) {
    return credential
        .grant()
        .map(Credential.Grant::startedAt)
        .map(
            started ->
                known
                    .filter(earlier -> !earlier.agreedAt().isBefore(started))
                    .map(same -> same.going(grant, credential))
                    .orElseGet(() -> kept(started, grant, credential)));
  }

  private Term going(Profile.Grant grant, Credential credential) {
    Optional<Instant> end = end(agreedAt, grant, credential);
    return new Term(
        agreedAt,
        end,
        warnedAt.filter(warned -> !isMovedTo(end)),
        credential.refreshToken().isPresent());
  }

  private boolean isMovedTo(Optional<Instant> end) {
    return endsAt
        .flatMap(known -> end.filter(told -> told.isAfter(known.plus(ANOTHER_END))))
        .isPresent();
  }

  private static Optional<Instant> end(
      Instant agreedAt, Profile.Grant grant, Credential credential) {
    Optional<Instant> window = grant.maxAge().map(agreedAt::plus);
    Optional<Instant> lastToken =
        credential.refreshToken().filter(RefreshToken::endStays).flatMap(RefreshToken::expiresAt);
    return Stream.of(window, lastToken).flatMap(Optional::stream).min(Instant::compareTo);
  }
}
