package org.tokenbroker.connection;

import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Secret;

/**
 * The secret half of a connection, as the safe keeps it.
 *
 * @param grant names the agreement it comes from; absent before the first, and for client credentials
 * @param accessToken the newest one
 * @param refreshToken the newest one
 * @param pending the call to the provider that was begun and whose outcome is not written yet
 */
public record Credential(
    Optional<Grant> grant,
    Optional<AccessToken> accessToken,
    Optional<RefreshToken> refreshToken,
    Optional<PendingCall> pending) {
  public static final Credential EMPTY =
      new Credential(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * An owner's agreement.
   *
   * @param startedAt the later one of two agreements wins (G-14)
   */
  public record Grant(String id, Instant startedAt) {}

  /**
   * @param number rises by one with each replacement within the broker's memory of this connection, at least 1
   * @param expiresAt where the provider told it
   */
  public record RefreshToken(Secret value, long number, Optional<Instant> expiresAt) {}

  /**
   * Written before the provider is called (G-1): proves that the safe is writable, and says after a crash what was in flight.
   *
   * @param attempt random name of the attempt
   * @param epoch lease epoch under which it was made; 0 for a consent
   * @param sentAt when it was written, just before the request is sent
   * @param refreshTokenNumber which refresh token it presents; 0 where it presents none
   */
  public record PendingCall(String attempt, long epoch, Instant sentAt, long refreshTokenNumber) {}

  public Credential pending(PendingCall call) {
    return new Credential(grant, accessToken, refreshToken, Optional.of(call));
  }

  public Credential settled() {
    return new Credential(grant, accessToken, refreshToken, Optional.empty());
  }
}
