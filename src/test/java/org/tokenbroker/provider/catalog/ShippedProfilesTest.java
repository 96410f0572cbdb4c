package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.Site;
import org.tokenbroker.provider.Variables;
import org.tokenbroker.token.Scopes;

class ShippedProfilesTest {
  @Test
  @Requirement("X-5")
  void everyShippedProfileIsValid() throws IOException {
    ProfileFiles.shipped(Catalog.class.getClassLoader(), ProfileFiles.INDEX)
        .forEach(
            (file, yaml) ->
                assertThat(new ProfileReader(false).read(file, yaml))
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

  private static Profile shipped(String id) {
    try {
      String yaml =
          ProfileFiles.shipped(Catalog.class.getClassLoader(), ProfileFiles.INDEX)
              .getOrDefault(id + ".yaml", "");
      return switch (new ProfileReader(false).read(id, yaml)) {
        case Reading.Accepted(Profile profile) -> profile;
        case Reading.Refused refused -> throw new AssertionError(refused.violations());
      };
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
