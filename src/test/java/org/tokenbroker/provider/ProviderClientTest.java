package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Which of a provider's hosts a connection is at. */
class ProviderClientTest {
  private static final Profile PROFILE =
      ProfileFixture.anywhere()
          .with("variables", "{place: {kind: location, pattern: '.+', default: as.example}}")
          .with("hosts", "[as.example, '*.as.example']")
          .with("endpoints", "{token: 'https://{place}/token', revoke: 'https://{place}/revoke'}")
          .with("callback", "{metadata: {place: accounts-server, other: x}, variables: [place]}")
          .profile();
  private static final ProviderClient CLIENT =
      new ProviderClient(
          PROFILE,
          new Registration(
              new RegistrationId("acme"),
              PROFILE.id(),
              "Acme",
              "",
              List.of(),
              ClientAuthenticationMethod.CLIENT_SECRET_POST,
              Optional.empty(),
              Scopes.none(),
              List.of(),
              Particulars.NONE,
              new RegistrationHealth.Healthy(),
              1),
          new ClientSecrets(Secret.of("id"), Optional.empty(), Optional.empty()));

  @ParameterizedTest
  @Requirement("X-5")
  @ValueSource(strings = {"eu.as.example", "https://eu.as.example"})
  void theCallbackTellsAtWhichHostTheOwnerIs(String told) {
    Site site = CLIENT.toldBy(Map.of("place", told, "other", "x")).orElseThrow().site();

    assertThat(site.token()).contains(URI.create("https://eu.as.example/token"));
    assertThat(site.refresh()).contains(URI.create("https://eu.as.example/token"));
    assertThat(site.revoke()).contains(URI.create("https://eu.as.example/revoke"));
    assertThat(site.issuer()).isEqualTo(CLIENT.site().issuer());
  }

  @Test
  void whereNothingIsToldTheRegistrationKnows() {
    assertThat(CLIENT.toldBy(Map.of("other", "evil.example"))).contains(CLIENT);
  }

  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(
      strings = {
        "evil.example",
        "as.example.evil.example",
        "https://eu.as.example@evil.example",
        "http://eu.as.example",
        "eu.as.example/..",
        "eu.as.example?x=",
        "",
        "https://"
      })
  void noHostOutsideOfTheProfilesIsBelieved(String told) {
    assertThat(CLIENT.toldBy(Map.of("place", told))).isEmpty();
    assertThat(new ClientLookup.Ready(CLIENT).toldBy(Map.of("place", told)))
        .isEqualTo(new ClientLookup.Incomplete(ClientLookup.Gap.VARIABLES));
  }
}
