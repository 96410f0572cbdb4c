package org.tokenbroker.connection;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Secret;

/**
 * The secret half of a connection, as the safe keeps it.
 *
 * @param grant names the agreement it comes from; absent before the first, and for client
 *     credentials
 * @param accessToken the newest one
 * @param refreshToken the newest one
 * @param pending the call to the provider that was begun and whose outcome is not written yet
 * @param awaited the agreement whose code is being exchanged; proves, once written, that the safe
 *     is writable
 * @param facts public facts that came with its tokens
 */
public record Credential(
    Optional<Grant> grant,
    Optional<AccessToken> accessToken,
    Optional<RefreshToken> refreshToken,
    Optional<PendingCall> pending,
    Optional<Grant> awaited,
    Map<String, String> facts) {
  public static final Credential EMPTY =
      new Credential(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Without facts. */
  public Credential(
      Optional<Grant> grant,
      Optional<AccessToken> accessToken,
      Optional<RefreshToken> refreshToken,
      Optional<PendingCall> pending,
      Optional<Grant> awaited) {
    this(grant, accessToken, refreshToken, pending, awaited, Map.of());
  }

  /**
   * An owner's agreement.
   *
   * @param startedAt the later one of two agreements wins (G-14)
   * @param redirectUri the one that it was made with, where there was one
   */
  public record Grant(String id, Instant startedAt, Optional<URI> redirectUri) {
    /** Made without a redirect URI. */
    public Grant(String id, Instant startedAt) {
      this(id, startedAt, Optional.empty());
    }
  }

  /**
   * @param number rises by one with each replacement within the broker's memory of this connection,
   *     at least 1
   * @param expiresAt where the provider told it
   * @param endStays whether use does not move that end: then the owner has to agree again by then
   *     (G-9)
   */
  public record RefreshToken(
      Secret value, long number, Optional<Instant> expiresAt, boolean endStays) {
    /** Whose end, if it is told, moves with each use as far as is known. */
    public RefreshToken(Secret value, long number, Optional<Instant> expiresAt) {
      this(value, number, expiresAt, false);
    }
  }

  /**
   * Written before the provider is called (G-1): proves that the safe is writable, and says after a
   * crash what was in flight.
   *
   * @param attempt random name of the attempt
   * @param epoch lease epoch under which it was made; 0 for a consent
   * @param sentAt when it was written, just before the request is sent
   * @param refreshTokenNumber which refresh token it presents; 0 where it presents none
   * @param presentations how often that refresh token has been presented with an unknown outcome,
   *     this time included
   */
  public record PendingCall(
      String attempt, long epoch, Instant sentAt, long refreshTokenNumber, int presentations) {}

  /** Whether there is anything that could be used, or revoked. */
  boolean holdsToken() {
    return accessToken.isPresent() || refreshToken.isPresent();
  }

  /** Number of the newest access token. */
  public Generation generation() {
    return accessToken.map(AccessToken::generation).orElse(Generation.NONE);
  }

  /** Number of the newest refresh token; 0 where there is none. */
  public long refreshTokenNumber() {
    return refreshToken.map(RefreshToken::number).orElse(0L);
  }

  /** Whether this credential comes from a later agreement than the given one. */
  public boolean outdates(Grant other) {
    return grant
        .filter(own -> !own.id().equals(other.id()))
        .filter(own -> own.startedAt().isAfter(other.startedAt()))
        .isPresent();
  }

  /** The access token for another life of the same length, as a new generation. */
  public Credential prolonged(Instant now) {
    return new Credential(
        grant,
        accessToken.map(
            token ->
                new AccessToken(
                    token.value(),
                    token.type(),
                    token.scopes(),
                    new Lifetime(now, now.plus(token.lifetime().total())),
                    token.generation().next())),
        refreshToken,
        pending,
        awaited,
        facts);
  }

  public Credential withPending(PendingCall call) {
    return new Credential(grant, accessToken, refreshToken, Optional.of(call), awaited, facts);
  }

  public Credential withoutPending() {
    return new Credential(grant, accessToken, refreshToken, Optional.empty(), awaited, facts);
  }

  /** With the refresh token of a call that is over. */
  public Credential goingOnWith(Optional<RefreshToken> next) {
    return new Credential(grant, accessToken, next, Optional.empty(), awaited, facts);
  }

  /** With another access token, or another word about the same one. */
  Credential with(AccessToken token) {
    return new Credential(grant, Optional.of(token), refreshToken, pending, awaited, facts);
  }

  /** The agreement is not on its way any more. */
  public Credential notAwaiting(Grant arrived) {
    Optional<Grant> others = awaited.filter(coming -> !coming.id().equals(arrived.id()));
    return new Credential(grant, accessToken, refreshToken, pending, others, facts);
  }

  public Credential awaiting(Grant coming) {
    return new Credential(grant, accessToken, refreshToken, pending, Optional.of(coming), facts);
  }
}
