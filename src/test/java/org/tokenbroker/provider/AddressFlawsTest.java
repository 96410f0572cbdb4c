package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.RegistrationDesk.Flaw;

class AddressFlawsTest {
  private static final Predicate<String> PUBLIC = AddressRules.publicOnly()::allowHost;

  @ParameterizedTest
  @Requirement("C24")
  @CsvSource({
    "authorize,endpoints.authorize",
    "refresh,endpoints.refresh",
    "revoke,endpoints.revoke",
    "introspect,endpoints.introspect",
  })
  void everyEndpointIsLookedAt(String endpoint, String field) {
    Profile profile =
        somewhere("{token: 'https://as.example/t', " + endpoint + ": 'https://{place}'}");

    assertThat(flaws(profile, "192.168.0.7/x"))
        .singleElement()
        .satisfies(
            flaw -> {
              assertThat(flaw.field()).isEqualTo("variables.place");
              assertThat(flaw.fix()).contains(field, "token-broker.provider.allowed-networks");
              assertThat(flaw.fix()).doesNotContain("192");
            });
    assertThat(flaws(profile, "192.0.43.10/x")).isEmpty();
  }

  @Test
  @Requirement("C24")
  void theTokenEndpointIsLookedAt() {
    assertThat(flaws(somewhere("{token: 'https://{place}'}"), "127.0.0.1"))
        .singleElement()
        .satisfies(flaw -> assertThat(flaw.fix()).contains("endpoints.token"));
  }

  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(strings = {"0x7f.1", "127.1", "0177.1/token"})
  void aHostThatIsNotReadAlikeEverywhereIsNoHost(String place) {
    assertThat(Variables.flaws(somewhere("{token: 'https://{place}'}"), Map.of("place", place)))
        .containsKey("place");
  }

  @Test
  @Requirement("C24")
  void theLookUpAfterAConsentIsLookedAtToo() {
    Profile profile =
        fixture("{token: 'https://as.example/t'}")
            .with("post_connect", "{url: 'https://{place}/me'}")
            .profile();

    assertThat(flaws(profile, "169.254.169.254")).extracting(Flaw::field).hasSize(1);
  }

  @Test
  @Requirement({"C20", "C24"})
  void anIssuerIsLookedAtWhereItIsCalled() {
    ProfileFixture compared =
        fixture("{token: 'https://as.example/t'}").with("issuer", "'https://{place}'");

    assertThat(flaws(compared.profile(), "10.0.0.1")).isEmpty();
    assertThat(flaws(compared.with("discovery", "true").profile(), "10.0.0.1"))
        .extracting(Flaw::field)
        .containsExactly("variables.place");
  }

  @Test
  void whatTheProfileItselfPutsOutOfReachIsItsFault() {
    Profile profile = somewhere("{token: 'https://127.0.0.1/{place}'}");

    assertThat(flaws(profile, "x")).extracting(Flaw::field).containsExactly("profile");
  }

  @Test
  void whatAnOperatorAllowsIsInReach() {
    Predicate<String> loopbackToo = AddressRules.allowing(List.of("127.0.0.0/8"))::allowHost;
    Profile profile = somewhere("{token: 'https://{place}'}");

    for (String place : List.of("127.0.0.1:8443/t", "localhost/t")) {
      assertThat(AddressFlaws.of(profile, Map.of("place", place), loopbackToo)).isEmpty();
    }
    assertThat(AddressFlaws.of(profile, Map.of("place", "10.0.0.1"), loopbackToo)).hasSize(1);
  }

  /** Ways to write a host so that the list and the call would read it differently. */
  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(
      strings = {
        "as.example@127.0.0.1",
        "as.example@evil.example",
        "evil.example/as.example",
        "evil.example:443",
        "evil.example#as.example",
        "evil.example?as.example",
        "evil.example\\as.example",
        "as.example.evil.example",
        "evil-as.example",
        "as.example.",
        "as%2eexample",
        "\u0430s.example",
        "as\u3002example",
        "xn--s-7sb.example",
        "[::1]",
        "127.0.0.1",
        "AS.EXAMPLE.EVIL",
        "as.example:443:80",
        "",
      })
  void nothingGetsAroundTheListOfHosts(String place) {
    Profile pinned =
        fixture("{token: 'https://{place}'}")
            .with("hosts", "['as.example', '*.as.example']")
            .profile();

    assertThat(Variables.flaws(pinned, Map.of("place", place))).containsKey("place");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"as.example", "AS.example", "as.example:8443", "as.example/a", "b.as.example"})
  void whatIsOnTheListIsTaken(String place) {
    Profile pinned =
        fixture("{token: 'https://{place}'}")
            .with("hosts", "['as.example', '*.as.example']")
            .profile();

    assertThat(Variables.flaws(pinned, Map.of("place", place))).isEmpty();
  }

  private static List<Flaw> flaws(Profile profile, String place) {
    Map<String, String> variables = Map.of("place", place);
    assertThat(Variables.flaws(profile, variables)).isEmpty();
    return AddressFlaws.of(profile, variables, PUBLIC);
  }

  private static Profile somewhere(String endpoints) {
    return fixture(endpoints).profile();
  }

  private static ProfileFixture fixture(String endpoints) {
    return ProfileFixture.anywhere()
        .with("variables", "{place: {kind: location, pattern: '.+'}}")
        .with("hosts", "['*']")
        .with("endpoints", endpoints);
  }
}
