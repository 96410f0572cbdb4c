package org.tokenbroker.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.token.Secret;

/** What became of a token request. Carries no text of the provider. */
public sealed interface TokenReply {
  record Granted(GrantedTokens tokens) implements TokenReply {}

  /**
   * A refresh that was processed and brought no access token that can be used, as where none of the
   * scopes is ours any more. The refresh token that came is the one in use: without it the grant is
   * lost (G-1). Never for a code.
   *
   * @param refreshTokenExpiresAt where the answer tells it
   */
  record WithoutAccessToken(Secret refreshToken, Optional<Instant> refreshTokenExpiresAt)
      implements TokenReply {}

  /** Processed and refused: asking the same again gives the same answer. */
  record Rejected(Rejection reason) implements TokenReply {}

  /**
   * Not processed, and the provider asks for a pause: 429, or 503 with a {@code Retry-After}.
   *
   * @param retryAfter from {@code Retry-After} in either form, within 1 s and 1 h; 30 s where a 429
   *     does not say; the provider's budget, not the connection's
   */
  record Throttled(Duration retryAfter) implements TokenReply {}

  /** Certainly not processed: may be asked again with the same refresh token. */
  record Unreachable(Obstacle obstacle) implements TokenReply {}

  /**
   * May have been processed: must not be repeated blindly where refresh tokens are single-use
   * (X-4).
   */
  record Ambiguous(Doubt doubt) implements TokenReply {}

  /** What kept the request from being processed. */
  enum Obstacle {
    /** Name resolution or connection failed before a request was written. */
    CONNECT,
    /**
     * The provider's certificate or TLS version was not accepted, or ours was not: fails closed.
     */
    TLS,
    /**
     * The host leads to an address that is out of reach (C24): an operator allows its network, or
     * mends profile or registration.
     */
    ADDRESS_REFUSED,
    /**
     * Our client cannot prove itself: the key, secret or certificate of the registration is missing
     * or unusable.
     */
    CREDENTIAL_UNUSABLE,
    /**
     * 503 without {@code Retry-After}, or {@code temporarily_unavailable}: the provider said that
     * it did not process it.
     */
    UNAVAILABLE,
    /**
     * Our own guard held it back: breaker open, too many in flight, rate used up, or a pause the
     * provider asked for.
     */
    HELD_BACK
  }

  /** Why it is not known whether the request was processed. */
  enum Doubt {
    /** No complete answer within the total time limit. */
    TIMEOUT,
    /** The connection broke after the request was written. */
    CUT,
    /** A 5xx other than 503, or {@code server_error}. */
    SERVER_ERROR,
    /**
     * A success status with a body that is no token answer: wrong type, broken, too deep, larger
     * than the cap, or without a token that can be used.
     */
    UNREADABLE
  }
}
