package org.tokenbroker.connection;

import java.util.Optional;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.connection.DurableWriter.Decision;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * How what an owner granted goes into the credential that the safe holds by the time it is written.
 * Pure.
 *
 * @param requested scopes asked for, in force where the answer names none (BE-13)
 * @param newest newest generation known to the ledger
 * @param profile what it says of refresh tokens goes
 */
record Acceptance(
    Grant grant, GrantedTokens tokens, Scopes requested, Generation newest, Profile profile) {

  /**
   * The later agreement wins; a credential that was destroyed after {@link Keeper#prepare} is not
   * brought back; one that lacks the refresh token that the profile wants is not stored. What one
   * agreement brought is never stored over what came of it since.
   */
  Decision onto(Credential current) {
    if (current.grant().filter(own -> own.id().equals(grant.id())).isPresent()) {
      return new Decision.Store(current.notAwaiting(grant));
    }
    boolean destroyed = current.grant().isEmpty() && current.awaited().isEmpty();
    if (destroyed || current.outdates(grant) || lacksRefreshToken(refreshToken(current))) {
      return new Decision.Drop();
    }
    Optional<RefreshToken> refreshToken = refreshToken(current);
    return new Decision.Store(
        new Credential(
            Optional.of(grant),
            Optional.of(accessToken(current)),
            refreshToken,
            stillOpen(current, refreshToken),
            current.notAwaiting(grant).awaited(),
            tokens.metadata()));
  }

  /** Whether it can be kept whatever the safe holds: by its own refresh token, or without any. */
  boolean standsAlone() {
    return tokens.refreshToken().isPresent() || !profile.token().requireRefreshToken();
  }

  /** Whether a refresh token of an earlier agreement may stand in for one that did not come. */
  boolean takesEarlierRefreshToken() {
    return tokens.refreshToken().isEmpty() && profile.refresh().keptOnReconsent();
  }

  private boolean lacksRefreshToken(Optional<RefreshToken> refreshToken) {
    return refreshToken.isEmpty() && profile.token().requireRefreshToken();
  }

  private AccessToken accessToken(Credential current) {
    Generation last = newest.isNewerThan(current.generation()) ? newest : current.generation();
    return new AccessToken(
        tokens.accessToken(),
        tokens.tokenType(),
        tokens.scopes().orElse(requested),
        tokens.lifetime(),
        last.next());
  }

  private Optional<RefreshToken> refreshToken(Credential current) {
    return takesEarlierRefreshToken()
        ? current.refreshToken()
        : tokens.refreshToken().map(value -> issued(value, current.refreshTokenNumber() + 1));
  }

  private RefreshToken issued(Secret value, long number) {
    return new RefreshToken(
        value,
        number,
        tokens.refreshTokenExpiresAt(),
        profile.refresh().rotation() instanceof Rotation.None);
  }

  /** A call that presented the refresh token that stays in use may still be under way. */
  private static Optional<PendingCall> stillOpen(
      Credential current, Optional<RefreshToken> refreshToken) {
    return current
        .pending()
        .filter(
            call ->
                refreshToken
                    .map(RefreshToken::number)
                    .equals(Optional.of(call.refreshTokenNumber())));
  }
}
