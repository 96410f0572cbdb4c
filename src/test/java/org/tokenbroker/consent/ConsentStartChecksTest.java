package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.startup.GivenSettings;
import org.tokenbroker.platform.startup.StartDecision;
import org.tokenbroker.platform.startup.StartDecision.Refuse;
import org.tokenbroker.platform.startup.StartDecision.Start;
import org.tokenbroker.platform.startup.Violation;

class ConsentStartChecksTest {
  private static final String PUBLIC_URL = "token-broker.consent.public-url";
  private static final String ATTEMPT_LIFE = "token-broker.consent.attempt-life";

  @ParameterizedTest
  @ValueSource(strings = {"https://consent.example", "https://example:8443/consent-pages"})
  void anHttpsAddressStarts(String url) {
    assertThat(decide(PUBLIC_URL, url)).isEqualTo(new Start(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://consent.example/",
        "https://consent.example?x=y",
        "https://consent.example#top",
        "http://consent.example"
      })
  void anAddressThatLinksCannotBeBuiltFromIsNamed(String url) {
    assertNamed(decide(PUBLIC_URL, url), PUBLIC_URL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10m", "PT10M", "90s", "1ms"})
  void anAttemptOfUpToTenMinutesStarts(String life) {
    assertThat(decide(ATTEMPT_LIFE, life)).isEqualTo(new Start(List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"11m", "PT10M0.001S", "0s", "-1m", "soon"})
  @Requirement("B1")
  void anAttemptThatStaysOpenForLongerIsNamed(String life) {
    assertNamed(decide(ATTEMPT_LIFE, life), ATTEMPT_LIFE);
  }

  @ParameterizedTest
  @CsvSource({
    "installs-per-minute,0",
    "installs-per-minute,-1",
    "installs-per-minute-of-network,0",
    "installs-per-minute-overall,many",
    "forwarding-proxies,-1",
    "forwarding-proxies,10"
  })
  @Requirement("BE-4")
  void aBudgetOfInstallsThatIsNoneIsNamed(String name, String value) {
    assertNamed(decide("token-broker.consent." + name, value), "token-broker.consent." + name);
  }

  @ParameterizedTest
  @CsvSource({"installs-per-minute,1", "installs-per-minute-overall,500", "forwarding-proxies,0"})
  void aBudgetOfInstallsStarts(String name, String value) {
    assertThat(decide("token-broker.consent." + name, value)).isEqualTo(new Start(List.of()));
  }

  private static StartDecision decide(String property, String value) {
    return StartDecision.of(GivenSettings.complete().with(property, value), ConsentStartChecks.ALL);
  }

  private static void assertNamed(StartDecision decision, String property) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse ->
                assertThat(refuse.violations())
                    .extracting(Violation::property)
                    .containsExactly(property));
  }
}
