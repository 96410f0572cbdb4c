package org.tokenbroker.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.token.Scopes;

/**
 * What the broker knows of a provider: an authorization server and the API behind it, as data
 * . Read from the catalogue, never written by code.
 *
 * @param id its name in the catalogue; form of an id
 * @param name what an owner sees on the consent page
 * @param issuer RFC 8414 issuer identifier, compared as an exact string (RFC 9207)
 * @param grants what it can be asked for; not empty
 * @param clientAuthentication methods it accepts; not empty
 */
public record Profile(
    String id,
    String name,
    Optional<String> issuer,
    Endpoints endpoints,
    Set<GrantType> grants,
    Set<ClientAuthenticationMethod> clientAuthentication,
    Authorize authorize,
    Token token,
    Assertion assertion,
    Expiry expiry,
    Refresh refresh,
    Resource resource,
    Limits limits) {

  /**
   * Whether an authorization response without {@code iss} is refused (RFC 9207, B3) and more of the
   * authorization request.
   *
   * @param pkce whether a {@code code_challenge} (always S256, B2) is sent
   * @param requireIss refuse an authorization response that lacks {@code iss}; one that carries a
   *     wrong one is always refused
   * @param requiredScopes scopes every request must hold, for example {@code offline_access} (MO-5)
   * @param parameters further fixed query parameters
   * @param sendScope false where the provider wants no {@code scope} at all (BE-5)
   */
  public record Authorize(
      boolean pkce,
      boolean requireIss,
      Scopes requiredScopes,
      Map<String, String> parameters,
      boolean sendScope) {}

  /**
   * @param authorize absent where the provider knows no authorization code grant
   * @param token where tokens are asked for
   * @param revoke RFC 7009, where it exists
   */
  public record Endpoints(Optional<URI> authorize, URI token, Optional<URI> revoke) {}

  /**
   * @param parameters further fixed form parameters of each token request
   * @param requireRefreshToken report a code answer that holds no refresh token (MO-5)
   */
  public record Token(Map<String, String> parameters, boolean requireRefreshToken) {}

  /**
   * How client assertions are built (C10, IV-12).
   *
   * @param audience sole value of {@code aud}; absent: the issuer
   * @param lifetime from {@code iat} to {@code exp}; positive, at most 10 minutes
   * @param typ value of the {@code typ} header; absent: none is sent
   */
  public record Assertion(Optional<String> audience, Duration lifetime, Optional<String> typ) {}

  /**
   * When a token ends (MO-9, BE-13).
   *
   * @param fields names looked up in the answer in this order, seconds as number or text
   * @param defaultLifetime used where neither the answer nor a JWT says; positive
   */
  public record Expiry(List<String> fields, Duration defaultLifetime) {}

  /**
   * @param sendScope whether the requested scopes are repeated on refresh (BE-12: not)
   * @param expiryFields names of the refresh token's own life in seconds, where the answer tells it
   */
  public record Refresh(Rotation rotation, boolean sendScope, List<String> expiryFields) {}

  /**
   * How consumers present the token to the API (MO-11, MK-1).
   *
   * @param header header name, for example {@code Authorization}
   * @param scheme text before the token, for example {@code Bearer}; empty: the bare token
   */
  public record Resource(String header, String scheme) {}

  /**
   * The provider's budget (G-7, reliability §2.2 rule 7).
   *
   * @param requestsPerSecond sustained token requests per second of one replica; at least 1
   * @param concurrency token requests in flight of one replica; at least 1
   */
  public record Limits(int requestsPerSecond, int concurrency) {}
}
