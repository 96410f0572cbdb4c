package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.AnswerReader;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Place;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.Site;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.Variables;
import org.tokenbroker.token.Scopes;

class ShippedProfilesTest {
  private static final Instant SENT = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  @Requirement("X-5")
  void everyShippedProfileIsValid() throws IOException {
    ProfileFiles.shipped(Catalog.class.getClassLoader(), ProfileFiles.INDEX)
        .forEach(
            (file, yaml) ->
                assertThat(
                        new ProfileReader(false, AddressRules.publicOnly()::allowHost)
                            .read(file, yaml))
                    .as(file)
                    .isInstanceOf(Reading.Accepted.class));
  }

  @Test
  @Requirement("MO-3")
  void tenantAndPolicyArePartsOfThePath() {
    Site site = Site.of(shipped("myorganizer"), Map.of());

    assertThat(site.authorize())
        .hasValue(
            URI.create(
                "https://ringphonesso.b2clogin.com/ringphonesso.onmicrosoft.com/B2C_1_MyOrganizer_Login/oauth2/v2.0/authorize"));
    assertThat(site.token())
        .hasValue(
            URI.create(
                "https://ringphonesso.b2clogin.com/ringphonesso.onmicrosoft.com/B2C_1_MyOrganizer_Login/oauth2/v2.0/token"));
    assertThat(site.refresh()).isEqualTo(site.token());
    assertThat(Site.of(shipped("myorganizer"), Map.of("tenant", "moved", "policy", "B2C_1A_x")))
        .extracting(Site::token)
        .isEqualTo(
            Optional.of(
                URI.create(
                    "https://moved.b2clogin.com/moved.onmicrosoft.com/B2C_1A_x/oauth2/v2.0/token")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example/x",
        "a.b",
        "..",
        "",
        "UPPER",
        "x@y",
        "x%2Fy",
        "x#",
        "x?y",
        "ringphonesso:80"
      })
  void aTenantThatWouldLeadElsewhereIsRefused(String tenant) {
    assertThat(Variables.flaws(shipped("myorganizer"), Map.of("tenant", tenant)))
        .containsOnlyKeys("tenant");
  }

  @Test
  @Requirement({"MO-5", "MO-7"})
  void offlineAccessIsAlwaysAskedForAndTheSecretGoesInTheBody() {
    Profile profile = shipped("myorganizer");

    assertThat(profile.authorize().requiredScopes()).isEqualTo(Scopes.of("offline_access"));
    assertThat(profile.token().requireRefreshToken()).isTrue();
    assertThat(profile.clientAuthentication())
        .containsExactly(ClientAuthenticationMethod.CLIENT_SECRET_POST);
    assertThat(profile.grant().maxAge()).hasValue(Duration.ofDays(90));
  }

  @Test
  @Requirement({"IV-1", "IV-12"})
  void betaAndProductionAreOneVariableThatHasToBeChosen() {
    Profile profile = shipped("informatie-vlaanderen");

    assertThat(Variables.flaws(profile, Map.of())).containsOnlyKeys("server");
    assertThat(Variables.flaws(profile, Map.of("server", "oauth.vlaanderen.be.evil.example")))
        .containsOnlyKeys("server");
    Site beta = Site.of(profile, Map.of("server", "beta.oauth.vlaanderen.be"));
    assertThat(beta.token())
        .hasValue(URI.create("https://beta.oauth.vlaanderen.be/authorization/ws/oauth/v2/token"));
    assertThat(beta.assertionAudience())
        .hasValue("https://beta.oauth.vlaanderen.be/authorization/ws/oauth/v2/token");
    assertThat(profile.grants())
        .isEqualTo(Set.of(GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS));
  }

  @ParameterizedTest
  @CsvSource({"authenticatie.vlaanderen.be", "authenticatie-ti.vlaanderen.be"})
  @Requirement({"IV-12", "C10"})
  void theNewServerWantsItsIssuerAsAudience(String server) {
    Profile profile = shipped("digitaal-vlaanderen");
    Site site = Site.of(profile, Map.of("server", server));

    assertThat(site.assertionAudience()).hasValue("https://" + server + "/op");
    assertThat(site.token()).hasValue(URI.create("https://" + server + "/op/v1/token"));
    assertThat(profile.token().registrationParameters())
        .containsExactlyInAnyOrder("audience", "resource");
    assertThat(profile.refresh().rotation()).isEqualTo(new Rotation.Strict());
  }

  @ParameterizedTest
  @CsvSource({
    "api.bookingexperts.nl, https://api.bookingexperts.nl/oauth/token",
    "app.bookingexperts.nl, https://app.bookingexperts.nl/oauth/token"
  })
  @Requirement("BE-6")
  void bothTokenHostsOfTheDocumentCanBeChosen(String host, URI token) {
    Profile profile = shipped("booking-experts");

    assertThat(Site.of(profile, Map.of("token_host", host)).token()).hasValue(token);
    assertThat(Variables.flaws(profile, Map.of())).isEmpty();
    assertThat(profile.authorize().sendScope()).isFalse();
    assertThat(profile.callback().providerInitiated()).isTrue();
    assertThat(Site.of(profile, Map.of()).missing(profile)).isEmpty();
  }

  @Test
  @Requirement({"MK-1", "MK-2", "BE-1"})
  void aKeyAndATokenOfOnePortalGoInTheSameHeader() {
    assertThat(shipped("mijnklantportaal").resource().header()).isEqualTo("Authentication");
    assertThat(shipped("mijnklantportaal-api-key").resource())
        .isEqualTo(shipped("mijnklantportaal").resource());
    assertThat(shipped("mijnklantportaal-api-key").grants()).containsExactly(GrantType.API_KEY);
    assertThat(shipped("booking-experts-api-key").grants()).containsExactly(GrantType.API_KEY);
  }

  @Test
  void theGenericProfilesLeaveTheHostToTheRegistration() {
    Profile oauth2 = shipped("oauth2-client-credentials");
    assertThat(Site.of(oauth2, Map.of("token", "as.example:8443/oauth/token")).token())
        .hasValue(URI.create("https://as.example:8443/oauth/token"));
    assertThat(Variables.flaws(oauth2, Map.of("token", "as.example/../x"))).isNotEmpty();
    assertThat(Variables.flaws(oauth2, Map.of("token", "user@as.example"))).isNotEmpty();
    assertThat(Site.of(shipped("oidc"), Map.of("issuer", "as.example/realms/x/")).issuer())
        .hasValue("https://as.example/realms/x/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oauth2", "oauth2-client-credentials"})
  @Requirement({"X-5", "G-13"})
  void whereTheGenericProfilesRevokeMayBeSaid(String id) {
    Profile profile = shipped(id);
    Map<String, String> places = new HashMap<>(Map.of("token", "as.example/token"));
    if (id.equals("oauth2")) {
      places.put("authorize", "as.example/authorize");
    }

    assertThat(Variables.flaws(profile, places)).isEmpty();
    assertThat(Site.of(profile, places).revoke()).isEmpty();
    assertThat(Site.of(profile, places).missing(profile)).isEmpty();

    places.put("revoke", "as.example/revoke");
    assertThat(Variables.flaws(profile, places)).isEmpty();
    assertThat(Site.of(profile, places).revoke()).hasValue(URI.create("https://as.example/revoke"));
    places.put("revoke", "as.example/../revoke");
    assertThat(Variables.flaws(profile, places)).containsOnlyKeys("revoke");
  }

  /** Each prefix that providers.md B1 names, with the OAuth code that hides it. */
  @ParameterizedTest
  @CsvSource({
    "invalid_grant, AADB2C90080, INVALID_GRANT",
    "invalid_grant, AADB2C90128, INVALID_GRANT",
    "invalid_request, AADB2C90129, INVALID_GRANT",
    "invalid_grant, AADB2C90087, INVALID_REQUEST",
    "invalid_grant, AADB2C90088, INVALID_REQUEST",
    "invalid_request, AADB2C90006, INVALID_CLIENT",
    "invalid_request, AADB2C90018, INVALID_CLIENT",
    "invalid_request, AADB2C90079, INVALID_CLIENT",
    "invalid_request, AADB2C90081, INVALID_CLIENT",
    "invalid_request, AADB2C90084, INVALID_CLIENT",
    "invalid_grant, AADB2C90092, INVALID_CLIENT",
    "invalid_grant, AADB2C90012, INVALID_SCOPE",
    "invalid_request, AADB2C90055, INVALID_SCOPE",
    "invalid_request, AADB2C90115, INVALID_SCOPE",
    "invalid_request, AADB2C90117, INVALID_SCOPE",
    "invalid_request, AADB2C90146, INVALID_SCOPE",
    "invalid_grant, AADB2C90205, INVALID_SCOPE"
  })
  @Requirement({"MO-13", "X-5", "C7"})
  void myOrganizersReasonStandsInAPrefixOfTheText(String code, String prefix, Rejection meant) {
    assertThat(refreshRefused("myorganizer", 400, oauth(code, prefix + ": Some words.\\r\\n")))
        .isEqualTo(new TokenReply.Rejected(meant));
  }

  @Test
  @Requirement({"MO-13", "X-5", "X-4"})
  void myOrganizersOwnTroubleEndsNothing() {
    assertThat(refreshRefused("myorganizer", 400, oauth("invalid_grant", "AADB2C90035: Later")))
        .isEqualTo(new TokenReply.Unreachable(TokenReply.Obstacle.UNAVAILABLE));
    for (String open : List.of("AADB2C90037", "AADB2C90048")) {
      assertThat(refreshRefused("myorganizer", 400, oauth("server_error", open + ": Oh")))
          .isEqualTo(new TokenReply.Ambiguous(TokenReply.Doubt.SERVER_ERROR));
    }
  }

  @Test
  @Requirement({"MO-9", "MO-10"})
  void myOrganizersRefreshTokenIsRenewedWithEachUseWithinItsWindowAndItsLimit() {
    Profile profile = shipped("myorganizer");

    assertThat(profile.refresh().rotation()).isEqualTo(new Rotation.Strict());
    assertThat(profile.refresh().sendScope()).isEqualTo(Profile.Refresh.SentScope.REQUESTED);
    assertThat(profile.refresh().idleLifetime()).hasValue(Duration.ofDays(14));
    assertThat(profile.grant().warnBefore()).isEqualTo(Duration.ofDays(14));
    assertThat(profile.limits().per()).isEqualTo(Profile.Limits.Per.PROVIDER);
    assertThat(3 * 300 * profile.limits().requestsPerSecond())
        .as("of three replicas in five minutes")
        .isLessThanOrEqualTo(6000);
  }

  @Test
  @Requirement({"IV-6", "IV-12"})
  void theOldServerTakesShortLivedAssertionsForTheUrlThatIsCalled() {
    Profile profile = shipped("informatie-vlaanderen");

    assertThat(profile.assertion().algorithms()).containsExactly("RS256");
    assertThat(profile.assertion().lifetime()).isLessThanOrEqualTo(Duration.ofMinutes(10));
    assertThat(profile.refresh().rotation()).isEqualTo(new Rotation.Strict());
    assertThat(profile.refresh().sendScope()).isEqualTo(Profile.Refresh.SentScope.NONE);
    assertThat(Site.of(profile, Map.of("server", "oauth.vlaanderen.be")).authorize())
        .hasValue(
            URI.create("https://oauth.vlaanderen.be/authorization/ws/oauth/v2/authorization"));
  }

  @Test
  @Requirement({"IV-12", "X-5"})
  void theNewServerEndsAnAgreementByInvalidRequestOnRefreshOnly() {
    Profile profile = shipped("digitaal-vlaanderen");
    String invalidRequest = "{\"error\": \"invalid_request\"}";

    assertThat(refreshRefused("digitaal-vlaanderen", 400, invalidRequest))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_GRANT));
    assertThat(refused(profile, RequestKind.AUTHORIZATION_CODE, 400, invalidRequest))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_REQUEST));
    assertThat(profile.refresh().sendScope()).isEqualTo(Profile.Refresh.SentScope.GRANTED);
    assertThat(profile.authorize().requiredScopes()).isEqualTo(Scopes.of("offline_access"));
    assertThat(profile.token().requireRefreshToken()).isTrue();
    Site site = Site.of(profile, Map.of("server", "authenticatie-ti.vlaanderen.be"));
    assertThat(site.authorize())
        .hasValue(URI.create("https://authenticatie-ti.vlaanderen.be/op/v1/auth"));
    assertThat(site.introspect())
        .hasValue(URI.create("https://authenticatie-ti.vlaanderen.be/op/v1/introspect"));
  }

  @Test
  @Requirement({"BE-9", "BE-13", "BE-17"})
  void theBookingPlatformNamesItsExpiryTwiceAndIsAskedForItsSubscription() {
    Profile profile = shipped("booking-experts");

    assertThat(profile.expiry().fields())
        .containsExactly(new Place("expires_in"), new Place("expires"));
    assertThat(profile.refresh().sendScope()).isEqualTo(Profile.Refresh.SentScope.NONE);
    assertThat(profile.refresh().sendRedirectUri()).isFalse();
    assertThat(profile.refresh().rotation()).isEqualTo(new Rotation.Strict());
    assertThat(profile.postConnect())
        .hasValueSatisfying(
            look -> {
              assertThat(look.url().text())
                  .isEqualTo("https://api.bookingexperts.nl/v3/subscription");
              assertThat(look.optionalParameters())
                  .containsExactly(Map.entry("include", "administration_subscriptions"));
              assertThat(look.accept()).isEqualTo("application/vnd.api+json");
              assertThat(look.required()).containsExactly("subscription_id");
              assertThat(look.identity()).contains(new Place("/data/id"));
            });
    assertThat(
            refreshRefused(
                "booking-experts", 403, "{\"errors\": [{\"code\": \"APPLICATION_HALTED\"}]}"))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_CLIENT));
  }

  @Test
  @Requirement({"MK-8", "X-5"})
  void thePortalSpeaksJsonKeepsItsRefreshTokenAndTellsItsLimit() {
    Profile profile = shipped("mijnklantportaal");

    assertThat(profile.token().body()).isEqualTo(Profile.Body.JSON);
    assertThat(profile.refresh().rotation()).isEqualTo(new Rotation.None());
    assertThat(profile.limits().resetHeader()).hasValue("x-ratelimit-reset");
    Site site = Site.of(profile, Map.of());
    assertThat(site.authorize())
        .hasValue(URI.create("https://manage.mijnklantportaal.nl/oauth/authorize"));
    assertThat(site.token())
        .hasValue(URI.create("https://manage.mijnklantportaal.nl/oauth/tokens"));
    assertThat(site.refresh()).isEqualTo(site.token());
    assertThat(
            refreshRefused(
                "mijnklantportaal", 429, "{\"code\":429,\"message\":\"Too many requests.\"}"))
        .isInstanceOf(TokenReply.Throttled.class);
  }

  /** What the portal answers is not documented: each plausible way, and a wrong App Secret. */
  @ParameterizedTest
  @CsvSource({
    "REFRESH_TOKEN, 400, '{\"code\":400,\"message\":\"x\"}', INVALID_GRANT",
    "REFRESH_TOKEN, 401, '{\"code\":401,\"message\":\"x\"}', GRANT_OR_CLIENT",
    "REFRESH_TOKEN, 403, '{\"code\":403,\"message\":\"x\"}', GRANT_OR_CLIENT",
    "REFRESH_TOKEN, 400, '{\"error\":\"invalid_grant\"}', INVALID_GRANT",
    "REFRESH_TOKEN, 401, '{\"error\":\"invalid_grant\"}', INVALID_GRANT",
    "REFRESH_TOKEN, 401, '{\"error\":\"invalid_client\"}', INVALID_CLIENT",
    "REFRESH_TOKEN, 403, 'Forbidden by the gateway', OTHER",
    "AUTHORIZATION_CODE, 401, '{\"code\":401,\"message\":\"x\"}', INVALID_CLIENT",
    "AUTHORIZATION_CODE, 400, '{\"code\":400,\"message\":\"x\"}', OTHER",
  })
  @Requirement({"MK-9", "G-6", "X-5"})
  void thePortalsRefusalsAreReadInEachOfTheWaysThatItMayHave(
      RequestKind request, int status, String body, Rejection meaning) {
    assertThat(refused(shipped("mijnklantportaal"), request, status, body))
        .isEqualTo(new TokenReply.Rejected(meaning));
  }

  private static String oauth(String code, String text) {
    return "{\"error\": \"%s\", \"error_description\": \"%s\"}".formatted(code, text);
  }

  private static TokenReply refreshRefused(String id, int status, String body) {
    return refused(shipped(id), RequestKind.REFRESH_TOKEN, status, body);
  }

  private static TokenReply refused(Profile profile, RequestKind request, int status, String body) {
    TokenAnswer answer =
        new TokenAnswer(
            status,
            Optional.of("application/json"),
            Optional.empty(),
            new TokenAnswer.Body.Complete(body));
    return AnswerReader.read(answer, request, profile, SENT, SENT);
  }

  private static Profile shipped(String id) {
    try {
      String yaml =
          ProfileFiles.shipped(Catalog.class.getClassLoader(), ProfileFiles.INDEX)
              .getOrDefault(id + ".yaml", "");
      return switch (new ProfileReader(false, AddressRules.publicOnly()::allowHost)
          .read(id, yaml)) {
        case Reading.Accepted(Profile profile) -> profile;
        case Reading.Refused refused -> throw new AssertionError(refused.violations());
      };
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
