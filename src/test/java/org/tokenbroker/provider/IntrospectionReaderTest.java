package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

class IntrospectionReaderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long SOON = NOW.plusSeconds(600).getEpochSecond();

  @Test
  @Requirement("C15")
  void anActiveTokenEndsWhenItSaysLessAMargin() {
    assertThat(read(200, "{\"active\": true, \"exp\": " + SOON + ", \"sub\": \"somebody\"}"))
        .contains(NOW.plusSeconds(595));
  }

  @Test
  @Requirement("G-8")
  void noEndIsBelievedThatIsYearsAway() {
    assertThat(read(200, "{\"active\": true, \"exp\": 99999999999}"))
        .hasValueSatisfying(
            end -> assertThat(end).isBeforeOrEqualTo(NOW.plus(Duration.ofDays(365))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"active\": false, \"exp\": 1772366999}",
        "{\"exp\": 1772366999}",
        "{\"active\": \"true\", \"exp\": 1772366999}",
        "{\"active\": true}",
        "{\"active\": true, \"exp\": \"soon\"}",
        "<html>",
        ""
      })
  void whatTellsNoEndTellsNothing(String body) {
    assertThat(read(200, body)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 302, 400, 401, 429, 500})
  void onlyASuccessTells(int status) {
    assertThat(read(status, "{\"active\": true, \"exp\": " + SOON + "}")).isEmpty();
  }

  private static Optional<Instant> read(int status, String body) {
    return IntrospectionReader.end(
        new TokenAnswer(
            status,
            Optional.of("application/json"),
            Optional.empty(),
            new TokenAnswer.Body.Complete(body)),
        NOW);
  }
}
