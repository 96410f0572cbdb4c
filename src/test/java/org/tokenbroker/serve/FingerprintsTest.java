package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokenbroker.serve.Given.HOUR;
import static org.tokenbroker.serve.Given.ID;
import static org.tokenbroker.serve.Given.token;

import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

@Requirement("E8")
class FingerprintsTest {
  private static final Optional<String> KEY =
      Optional.of(Base64.getEncoder().encodeToString(new byte[32]));

  @Test
  void withTheSameKeyTheSameTokenHasTheSameFingerprintInEveryReplica() {
    Fingerprints one = Fingerprints.of(KEY, 10);
    Fingerprints other = Fingerprints.of(KEY, 10);

    assertThat(one.of(ID, token(1, HOUR)))
        .isEqualTo(other.of(ID, token(1, HOUR)))
        .matches("[0-9a-f]{32}");
    assertThat(one.of(ID, token(2, HOUR))).isNotEqualTo(one.of(ID, token(1, HOUR)));
  }

  @Test
  void withoutAKeyNobodyElseCanWorkItOut() {
    assertThat(Fingerprints.of(Optional.empty(), 10).of(ID, token(1, HOUR)))
        .isNotEqualTo(Fingerprints.of(Optional.empty(), 10).of(ID, token(1, HOUR)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not base64!", "c2hvcnQ=", ""})
  void aKeyOfAnotherFormIsRefusedWithoutRepeatingIt(String key) {
    assertThatThrownBy(() -> Fingerprints.of(Optional.of(key), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token-broker.serve.audit-key must be 32 bytes in base64");
  }
}
