package org.tokenbroker.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.token.Secret;

/** Signatures as Standard Webhooks describe them. */
class LetterTest {
  /** The example of the specification's reference implementations. */
  @Test
  void theExampleOfTheSpecificationIsSignedAlike() {
    Letter letter =
        Letter.signed(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "{\"test\": 2432232314}",
            List.of(SigningSecret.of(Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
            Instant.ofEpochSecond(1614265330));

    assertThat(letter.timestamp()).isEqualTo("1614265330");
    assertThat(letter.signature()).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void eachSecretInUseSignsAndTheNewestIsFirst() {
    Letter both =
        Letter.signed("id", "{}", List.of(Samples.secret(2), Samples.secret(1)), Samples.NOON);
    Letter newest = Letter.signed("id", "{}", List.of(Samples.secret(2)), Samples.NOON);

    assertThat(both.signature().split(" ")).hasSize(2).startsWith(newest.signature());
  }

  @Test
  void idTimeAndBodyAreSignedTogether() {
    String signature = signature("id", "{}", Samples.NOON);

    assertThat(signature("other", "{}", Samples.NOON)).isNotEqualTo(signature);
    assertThat(signature("id", "{ }", Samples.NOON)).isNotEqualTo(signature);
    assertThat(signature("id", "{}", Samples.NOON.plusSeconds(1))).isNotEqualTo(signature);
    assertThat(signature("id", "{}", Samples.NOON.plusMillis(1))).isEqualTo(signature);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whsec_",
        "whsec_dG9vLXNob3J0",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_not*base64*not*base64*not*base64",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void aSecretOfAnotherFormIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> SigningSecret.of(Secret.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be whsec_ followed by 24 to 64 random bytes in base64")
        .hasNoCause();
  }

  @Test
  void aSecretMasksItself() {
    assertThat(Samples.secret(1)).hasToString("Secret[***]");
    assertThat(WebhookSecrets.only(Samples.secret(1)).toString()).doesNotContain("whsec_");
  }

  private static String signature(String id, String body, Instant at) {
    return Letter.signed(id, body, List.of(Samples.secret(1)), at).signature();
  }
}
