package org.tokenbroker.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.connection.DurableWriter.Decision;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * How a provider's answer goes into the credential that the safe holds by the time it is written.
 * Pure.
 *
 * @param attempt the call that the answer belongs to
 * @param grant the agreement under which the call was made
 * @param presented number of the refresh token that was presented; 0 where none was
 * @param newest newest generation known to the ledger
 * @param earlier scopes in force before, kept where the answer names none (BE-13)
 * @param rotation what the profile says of refresh tokens that were used
 */
record Renewal(
    String attempt,
    Optional<Credential.Grant> grant,
    long presented,
    Generation newest,
    Scopes earlier,
    Rotation rotation,
    GrantedTokens tokens) {
  private static final Duration SHORTEST_USE = Duration.ofSeconds(5);
  private static final Duration ROUNDING = Duration.ofSeconds(3);

  /**
   * Stores the answer unless the owner agreed anew, the credential was destroyed, or a newer
   * refresh token than the presented one is already there: what a later call got is never
   * overwritten by an earlier one. A new agreement that goes on with the presented refresh token
   * leaves the call open for its answer.
   */
  Decision onto(Credential current) {
    boolean sameGrant =
        current.grant().map(Credential.Grant::id).equals(grant.map(Credential.Grant::id));
    boolean ours = current.pending().filter(call -> call.attempt().equals(attempt)).isPresent();
    boolean untouched =
        !current.equals(Credential.EMPTY)
            && current.refreshTokenNumber() == presented
            && (presented > 0 || current.pending().isEmpty());
    boolean nobodyElse = untouched && !current.generation().isNewerThan(newest);
    if (!ours && !(sameGrant && nobodyElse)) {
      return new Decision.Drop();
    }
    return new Decision.Store(
        new Credential(
            current.grant(),
            Optional.of(accessToken(current)),
            refreshToken(current),
            Optional.empty(),
            current.awaited(),
            facts(current)));
  }

  /** The provider gave the very token that the credential holds. */
  boolean isSameToken(Optional<AccessToken> old) {
    return old.filter(token -> token.value().equals(tokens.accessToken())).isPresent();
  }

  /**
   * The new token is as good as dead while the old one lives on; a merely shorter life is taken as
   * it is (BE-14).
   */
  boolean isStillborn(Optional<AccessToken> old) {
    return tokens.lifetime().total().compareTo(SHORTEST_USE) < 0
        && old.filter(token -> token.lifetime().expiresAt().isAfter(tokens.lifetime().expiresAt()))
            .isPresent();
  }

  private AccessToken accessToken(Credential current) {
    Optional<AccessToken> old = current.accessToken();
    if (old.isPresent() && (isSameToken(old) || isStillborn(old))) {
      return old.get();
    }
    Generation last = newest.isNewerThan(current.generation()) ? newest : current.generation();
    return new AccessToken(
        tokens.accessToken(),
        tokens.tokenType(),
        tokens.scopes().orElse(earlier),
        tokens.lifetime(),
        last.next());
  }

  /** The newest told counts. */
  private Map<String, String> facts(Credential current) {
    Map<String, String> facts = new HashMap<>(current.facts());
    facts.putAll(tokens.metadata());
    return Map.copyOf(facts);
  }

  /** No refresh token in the answer, or the same one: the old one stays in use (C5). */
  private Optional<RefreshToken> refreshToken(Credential current) {
    Optional<RefreshToken> former = current.refreshToken();
    return tokens
        .refreshToken()
        .filter(value -> !former.map(RefreshToken::value).equals(Optional.of(value)))
        .map(value -> replacing(former, value, current.refreshTokenNumber() + 1))
        .or(() -> former.map(this::inUseStill));
  }

  private RefreshToken replacing(Optional<RefreshToken> former, Secret value, long number) {
    Optional<Instant> end = tokens.refreshTokenExpiresAt();
    return new RefreshToken(value, number, end, stays(former, end));
  }

  /** An end that is not told again has not moved. */
  private RefreshToken inUseStill(RefreshToken token) {
    Optional<Instant> end = tokens.refreshTokenExpiresAt().or(token::expiresAt);
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
