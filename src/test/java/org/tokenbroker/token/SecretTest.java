package org.tokenbroker.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

class SecretTest {
  @Test
  @Requirement({"BE-2", "E5"})
  void masksItselfWhereverItIsPrinted() {
    Secret secret = Secret.of("marker-4711");

    assertThat(secret.toString()).doesNotContain("marker");
    assertThat(new AccessTokenHolder(secret).toString()).doesNotContain("marker");
    assertThat(secret.reveal()).isEqualTo("marker-4711");
  }

  @Test
  void equalsOnlyTheSameText() {
    assertThat(Secret.of("a"))
        .isEqualTo(Secret.of("a"))
        .hasSameHashCodeAs(Secret.of("a"))
        .isNotEqualTo(Secret.of("b"));
  }

  @Test
  void refusesToBeBlank() {
    assertThatThrownBy(() -> Secret.of("  ")).isInstanceOf(IllegalArgumentException.class);
  }

  private record AccessTokenHolder(Secret value) {}
}
