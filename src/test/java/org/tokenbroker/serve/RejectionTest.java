package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.Generation;

class RejectionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer error=\"invalid_token\" error_description=\"The access token expired\"",
        "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"no insufficient_scope here\"",
        "bearer Error=invalid_token",
        "BEARER ERROR=\"INVALID_TOKEN\" ERROR_DESCRIPTION=\"The access token expired\"",
        "Bearer error_description=\"expired\" error=\"invalid_token\"",
        "Basic realm=\"x\", Bearer error = \"invalid_token\"",
        "Bearer realm=\"no error=insufficient_scope here\", error=\"invalid_token\"",
        "Bearer realm=\"a \\\"quoted\\\" error=insufficient_scope\" error=\"invalid_token\"",
        "DPoP error=\"invalid_token\", algs=\"ES256\""
      })
  @Requirement("BE-16")
  void anInvalidTokenIsTheTokensFaultWithAndWithoutCommas(String challenge) {
    assertThat(rejection(401, challenge).blamesToken()).isTrue();
    assertThat(rejection(403, challenge).blamesToken()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer error=\"insufficient_scope\" scope=\"write\"",
        "Bearer realm=\"api\",error=insufficient_scope",
        "Bearer error=\"invalid_request\""
      })
  @Requirement("MO-12")
  void aMissingScopeIsNot(String challenge) {
    assertThat(rejection(401, challenge).blamesToken()).isFalse();
    assertThat(rejection(403, challenge).blamesToken()).isFalse();
  }

  @Test
  @Requirement("MO-12")
  void withoutAChallengeTheStatusDecides() {
    assertThat(
            new Rejection(new Generation(1), OptionalInt.of(401), Optional.empty()).blamesToken())
        .isTrue();
    assertThat(
            new Rejection(new Generation(1), OptionalInt.of(403), Optional.empty()).blamesToken())
        .isFalse();
    assertThat(
            new Rejection(new Generation(1), OptionalInt.empty(), Optional.empty()).blamesToken())
        .isTrue();
    assertThat(rejection(403, "Bearer realm=\"api\"").blamesToken()).isFalse();
    assertThat(rejection(403, "Bearer error_description=\"error=invalid\"").blamesToken())
        .isFalse();
  }

  private static Rejection rejection(int status, String challenge) {
    return new Rejection(new Generation(1), OptionalInt.of(status), Optional.of(challenge));
  }
}
