package org.tokenbroker.provider;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.token.Scopes;

/** A profile that accepts everything, and ways to bend one part of it. */
public record ProfileFixture(Profile profile) {
  public static ProfileFixture at(URI base) {
    return new ProfileFixture(
        new Profile(
            "acme",
            "Acme",
            Optional.of(base.toString()),
            new Profile.Endpoints(
                Optional.of(base.resolve("/authorize")),
                base.resolve("/token"),
                Optional.of(base.resolve("/revoke"))),
            EnumSet.allOf(GrantType.class),
            EnumSet.allOf(ClientAuthenticationMethod.class),
            new Profile.Authorize(true, true, Scopes.none(), Map.of(), true),
            new Profile.Token(Map.of(), false),
            new Profile.Assertion(
                Optional.empty(), Duration.ofMinutes(1), Optional.of("client-authentication+jwt")),
            new Profile.Expiry(List.of("expires_in"), Duration.ofHours(1)),
            new Profile.Refresh(new Rotation.Strict(), false, List.of("refresh_expires_in")),
            new Profile.Resource("Authorization", "Bearer"),
            new Profile.Limits(1000, 8)));
  }

  public static ProfileFixture anywhere() {
    return at(URI.create("https://as.example/"));
  }

  public ProfileFixture expiry(Duration defaultLifetime, String... fields) {
    return copy(
        new Profile.Expiry(List.of(fields), defaultLifetime),
        profile.resource(),
        profile.assertion(),
        profile.token(),
        profile.refresh(),
        profile.limits());
  }

  public ProfileFixture scheme(String scheme) {
    return resource("Authorization", scheme);
  }

  public ProfileFixture resource(String header, String scheme) {
    return copy(
        profile.expiry(),
        new Profile.Resource(header, scheme),
        profile.assertion(),
        profile.token(),
        profile.refresh(),
        profile.limits());
  }

  public ProfileFixture assertion(Profile.Assertion assertion) {
    return copy(
        profile.expiry(),
        profile.resource(),
        assertion,
        profile.token(),
        profile.refresh(),
        profile.limits());
  }

  public ProfileFixture tokenParameters(Map<String, String> parameters) {
    return copy(
        profile.expiry(),
        profile.resource(),
        profile.assertion(),
        new Profile.Token(parameters, false),
        profile.refresh(),
        profile.limits());
  }

  public ProfileFixture scopesOnRefresh() {
    return copy(
        profile.expiry(),
        profile.resource(),
        profile.assertion(),
        profile.token(),
        new Profile.Refresh(new Rotation.Strict(), true, List.of("refresh_expires_in")),
        profile.limits());
  }

  public ProfileFixture limits(int requestsPerSecond, int concurrency) {
    return copy(
        profile.expiry(),
        profile.resource(),
        profile.assertion(),
        profile.token(),
        profile.refresh(),
        new Profile.Limits(requestsPerSecond, concurrency));
  }

  public ProfileFixture id(String id) {
    return new ProfileFixture(
        new Profile(
            id,
            profile.name(),
            profile.issuer(),
            profile.endpoints(),
            profile.grants(),
            profile.clientAuthentication(),
            profile.authorize(),
            profile.token(),
            profile.assertion(),
            profile.expiry(),
            profile.refresh(),
            profile.resource(),
            profile.limits()));
  }

  private ProfileFixture copy(
      Profile.Expiry expiry,
      Profile.Resource resource,
      Profile.Assertion assertion,
      Profile.Token token,
      Profile.Refresh refresh,
      Profile.Limits limits) {
    return new ProfileFixture(
        new Profile(
            profile.id(),
            profile.name(),
            profile.issuer(),
            profile.endpoints(),
            Set.copyOf(profile.grants()),
            Set.copyOf(profile.clientAuthentication()),
            profile.authorize(),
            token,
            assertion,
            expiry,
            refresh,
            resource,
            limits));
  }
}
