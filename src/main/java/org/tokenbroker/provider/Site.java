package org.tokenbroker.provider;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where one registration meets its provider: the profile's URLs with the registration's variables
 * filled in, and what discovery added.
 *
 * @param issuer compared with {@code iss} (RFC 9207)
 * @param assertionAudience {@code aud} of client assertions
 * @param assertionIssuer {@code iss} of client assertions, where it is not the client id
 * @param authorize authorization endpoint
 * @param token token endpoint
 * @param refresh where refresh tokens are presented
 * @param revoke revocation endpoint (RFC 7009)
 * @param introspect introspection endpoint (RFC 7662)
 * @param postConnect what is looked up before a new connection becomes active
 * @param requiresIss whether an authorization response without {@code iss} is refused (B3)
 */
public record Site(
    Optional<String> issuer,
    Optional<String> assertionAudience,
    Optional<String> assertionIssuer,
    Optional<URI> authorize,
    Optional<URI> token,
    Optional<URI> refresh,
    Optional<URI> revoke,
    Optional<URI> introspect,
    Optional<URI> postConnect,
    boolean requiresIss) {

  /**
   * @param variables of the registration; free of {@link Variables#flaws}
   */
  public static Site of(Profile profile, Map<String, String> variables) {
    Map<String, String> values = Variables.complete(profile, variables);
    Function<UrlTemplate, String> text = template -> template.fill(values);
    Function<UrlTemplate, URI> url = text.andThen(URI::create);
    Optional<String> issuer = profile.issuer().map(text);
    Profile.Endpoints endpoints = profile.endpoints();
    return new Site(
        issuer,
        profile.assertion().audience().map(text).or(() -> issuer),
        profile.assertion().issuer().map(text),
        endpoints.authorize().map(url),
        endpoints.token().map(url),
        endpoints.refresh().or(endpoints::token).map(url),
        endpoints.revoke().filter(template -> template.isFilledBy(values)).map(url),
        endpoints.introspect().map(url),
        profile.postConnect().map(Profile.PostConnect::url).map(url),
        profile.authorize().requireIss());
  }

  /** Fills in what the profile does not name; what it names stays (C20). */
  public Site with(Metadata metadata) {
    return new Site(
        issuer,
        assertionAudience,
        assertionIssuer,
        authorize.or(metadata::authorize),
        token.or(metadata::token),
        refresh.or(metadata::token),
        revoke.or(metadata::revoke),
        introspect.or(metadata::introspect),
        postConnect,
        requiresIss || metadata.issInResponses());
  }

  /** What is not known here is as it is there. */
  Site or(Site there) {
    return new Site(
        issuer,
        assertionAudience,
        assertionIssuer,
        authorize.or(there::authorize),
        token.or(there::token),
        refresh.or(there::refresh),
        revoke.or(there::revoke),
        introspect.or(there::introspect),
        postConnect,
        there.requiresIss());
  }

  /** Endpoints that the profile's grants need and that are not known (MK-6), by their field. */
  public List<String> missing(Profile profile) {
    List<String> missing = new ArrayList<>();
    boolean asksForTokens = profile.grants().stream().anyMatch(grant -> grant != GrantType.API_KEY);
    if (profile.grants().contains(GrantType.AUTHORIZATION_CODE)
        && authorize.isEmpty()
        && !profile.callback().providerInitiated()) {
      missing.add("endpoints.authorize");
    }
    if (asksForTokens && token.isEmpty()) {
      missing.add("endpoints.token");
    }
    return List.copyOf(missing);
  }
}
