package org.tokenbroker.provider;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * What a provider granted (RFC 6749 §5.1), read by the rules of its profile.
 *
 * @param tokenType as it was sent; the profile's scheme where it was missing
 * @param lifetime from the moment the request was sent, 5 s taken off its end (reliability §2.2
 *     rule 1)
 * @param lifetimeTold whether the answer or the token says when it ends; else the lifetime is the
 *     profile's default
 * @param refreshToken absent where the answer holds none: the one before stays in use (C5)
 * @param refreshTokenExpiresAt where the answer tells it
 * @param scopes absent where the answer holds none: the earlier ones stay (BE-13)
 * @param metadata public facts that the profile's {@code response.metadata} names, as far as the
 *     answer holds them
 */
public record GrantedTokens(
    Secret accessToken,
    String tokenType,
    Lifetime lifetime,
    boolean lifetimeTold,
    Optional<Secret> refreshToken,
    Optional<Instant> refreshTokenExpiresAt,
    Optional<Scopes> scopes,
    Map<String, String> metadata) {

  /** Of a provider that exchanges an access token for the next one: it is its own refresh token. */
  GrantedTokens renewedByItself() {
    return new GrantedTokens(
        accessToken,
        tokenType,
        lifetime,
        lifetimeTold,
        Optional.of(accessToken),
        Optional.of(lifetime.expiresAt()),
        scopes,
        metadata);
  }

  /** With a lifetime that was told. */
  public GrantedTokens(
      Secret accessToken,
      String tokenType,
      Lifetime lifetime,
      Optional<Secret> refreshToken,
      Optional<Instant> refreshTokenExpiresAt,
      Optional<Scopes> scopes,
      Map<String, String> metadata) {
    this(
        accessToken,
        tokenType,
        lifetime,
        true,
        refreshToken,
        refreshTokenExpiresAt,
        scopes,
        metadata);
  }

  /** Without public facts. */
  public GrantedTokens(
      Secret accessToken,
      String tokenType,
      Lifetime lifetime,
      Optional<Secret> refreshToken,
      Optional<Instant> refreshTokenExpiresAt,
      Optional<Scopes> scopes) {
    this(accessToken, tokenType, lifetime, refreshToken, refreshTokenExpiresAt, scopes, Map.of());
  }

  /** With what the callback told; where both name the same fact, the answer's word stands. */
  public GrantedTokens with(Map<String, String> toldBefore) {
    Map<String, String> all = new HashMap<>(toldBefore);
    all.putAll(metadata);
    return new GrantedTokens(
        accessToken,
        tokenType,
        lifetime,
        lifetimeTold,
        refreshToken,
        refreshTokenExpiresAt,
        scopes,
        Map.copyOf(all));
  }
}
