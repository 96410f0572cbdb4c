package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.provider.TokenAnswer.Body;

class RevocationReaderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(ints = {200, 204})
  void aSuccessMeansThatTheTokenIsDead(int status) {
    assertThat(read(status, Optional.empty(), "")).isEqualTo(new RevokeReply.Revoked());
  }

  @ParameterizedTest
  @CsvSource({
    "400,unsupported_token_type",
    "400,invalid_request",
    "403,access_denied",
    "404,''",
    "302,''",
  })
  void aRefusalIsNotRepeated(int status, String error) {
    assertThat(read(status, Optional.empty(), "{\"error\":\"" + error + "\"}"))
        .isEqualTo(new RevokeReply.Refused());
  }

  @ParameterizedTest
  @CsvSource({"401,''", "400,invalid_client", "408,''", "429,''", "500,''", "503,''"})
  void whatMayBeMendedIsTriedAgain(int status, String error) {
    assertThat(read(status, Optional.empty(), "{\"error\":\"" + error + "\"}"))
        .isEqualTo(new RevokeReply.Later(Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void thePauseAskedForIsKept(int status) {
    assertThat(read(status, Optional.of("120"), ""))
        .isEqualTo(new RevokeReply.Later(Duration.ofMinutes(2)));
  }

  private static RevokeReply read(int status, Optional<String> retryAfter, String body) {
    return RevocationReader.read(
        new TokenAnswer(
            status, Optional.of("application/json"), retryAfter, new Body.Complete(body)),
        NOW);
  }
}
