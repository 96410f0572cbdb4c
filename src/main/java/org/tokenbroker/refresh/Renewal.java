package org.tokenbroker.refresh;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.DurableWriter.Decision;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;

/**
 * How a provider's answer goes into the credential that the safe holds by the time it is written.
 * Pure.
 *
 * @param question what is answered
 * @param earlier scopes in force before, kept where the answer names none (BE-13)
 * @param rotation what the profile says of refresh tokens that were used
 */
record Renewal(Question question, Scopes earlier, Rotation rotation, GrantedTokens tokens) {
  private static final Duration SHORTEST_USE = Duration.ofSeconds(5);

  /** Stores the answer unless nobody waits for it any more. */
  Decision onto(Credential current) {
    if (!question.isOpenIn(current)) {
      return new Decision.Drop();
    }
    NextRefreshToken next =
        new NextRefreshToken(tokens.refreshToken(), tokens.refreshTokenExpiresAt(), rotation);
    return new Decision.Store(
        new Credential(
            current.grant(),
            Optional.of(accessToken(current)),
            next.after(current),
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
    Generation known = question.newest();
    Generation last = known.isNewerThan(current.generation()) ? known : current.generation();
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
}
