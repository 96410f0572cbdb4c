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
 * . Read from the catalogue, never written by code. In a catalogue file each field has the
 * snake_case form of its name here; a duration is a whole number of {@code s}, {@code m}, {@code h}
 * or {@code d}, for example {@code 90s}.
 *
 * @param id its name in the catalogue: 1 to 64 characters of {@code a-z 0-9 . _ -}; required
 * @param name what an owner sees on the consent page; required
 * @param issuer RFC 8414 issuer identifier, compared as an exact string (RFC 9207); required where
 *     {@code authorize.require_iss} is true, and where {@code private_key_jwt} is accepted without
 *     {@code assertion.audience}
 * @param endpoints where it is called; required
 * @param grants what it can be asked for, by the values of {@code grant_type}; not empty
 * @param clientAuthentication methods it accepts, by their registered names; not empty
 * @param authorize how the authorization request is made
 * @param token how token requests are made
 * @param assertion how client assertions are made
 * @param expiry when an access token ends
 * @param refresh how refresh tokens behave
 * @param resource how its API is called
 * @param limits how much it may be asked
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
   * The authorization request (RFC 6749 §4.1.1).
   *
   * @param pkce whether a {@code code_challenge} (always S256, B2) is sent; default true
   * @param requireIss refuse an authorization response that lacks {@code iss} (RFC 9207, B3); one
   *     that carries a wrong one is always refused; default false
   * @param requiredScopes scopes that every request must hold, for example {@code offline_access}
   *     (MO-5); default none
   * @param parameters further fixed query parameters; none of those that the broker sets itself;
   *     default none
   * @param sendScope false where the provider wants no {@code scope} at all (BE-5); default true
   */
  public record Authorize(
      boolean pkce,
      boolean requireIss,
      Scopes requiredScopes,
      Map<String, String> parameters,
      boolean sendScope) {}

  /**
   * Absolute URLs with a host, without user information or fragment; {@code https} outside the
   * sandbox.
   *
   * @param authorize required where {@code grants} holds {@code authorization_code}
   * @param token where tokens are asked for; required
   * @param revoke RFC 7009, where it exists
   */
  public record Endpoints(Optional<URI> authorize, URI token, Optional<URI> revoke) {}

  /**
   * Token requests (RFC 6749 §4.1.3, §4.4.2, §6).
   *
   * @param parameters further fixed form parameters of each token request; none of those that the
   *     broker sets itself; default none
   * @param requireRefreshToken report a code answer that holds no refresh token (MO-5); default
   *     false
   */
  public record Token(Map<String, String> parameters, boolean requireRefreshToken) {}

  /**
   * How client assertions are built (C10, IV-12).
   *
   * @param audience sole value of {@code aud}; absent: the issuer
   * @param lifetime from {@code iat} to {@code exp}; 10 s to 10 minutes; default 60 s
   * @param typ value of the {@code typ} header; default {@code client-authentication+jwt}; written
   *     as an empty text: none is sent
   */
  public record Assertion(Optional<String> audience, Duration lifetime, Optional<String> typ) {}

  /**
   * When an access token ends (MO-9, BE-13).
   *
   * @param fields names looked up in the answer in this order, seconds as number or text; default
   *     {@code expires_in}
   * @param defaultLifetime used where neither the answer nor the token, read as a JWT, says; 10 s
   *     to 365 days; default 1 h
   */
  public record Expiry(List<String> fields, Duration defaultLifetime) {}

  /**
   * How refresh tokens behave.
   *
   * @param rotation {@code none}, {@code strict} or, as a mapping, {@code grace: 30s} (1 s to 30
   *     days); default {@code strict}
   * @param sendScope whether the requested scopes are repeated on refresh (BE-12: not); default
   *     false
   * @param expiryFields names of the refresh token's own life in seconds, where the answer tells
   *     it; default {@code refresh_expires_in}, {@code refresh_token_expires_in}
   */
  public record Refresh(Rotation rotation, boolean sendScope, List<String> expiryFields) {}

  /**
   * How consumers present the token to the API (MO-11, MK-1).
   *
   * @param header header name; default {@code Authorization}
   * @param scheme one word before the token; default {@code Bearer}; empty: the bare token
   */
  public record Resource(String header, String scheme) {}

  /**
   * The provider's budget (G-7, reliability §2.2 rule 7), of one replica.
   *
   * @param requestsPerSecond token requests that may start in one second; 1 to 10000; default 10
   * @param concurrency token requests in flight; 1 to 1000; default 8
   */
  public record Limits(int requestsPerSecond, int concurrency) {}
}
