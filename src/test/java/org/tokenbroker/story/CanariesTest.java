package org.tokenbroker.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanariesTest {
  private static final String SECRET = "canary/secret 0123456789+é?";

  private final Canaries canaries = new Canaries();

  @ParameterizedTest
  @MethodSource("texts")
  void aSecretIsFoundInEachFormInWhichItMayLeak(String text) {
    canaries.plant("client secret", SECRET);

    assertThat(canaries.leakedIn("before " + text + " after")).containsExactly("client secret");
  }

  static Stream<String> texts() {
    String encoded = URLEncoder.encode(SECRET, UTF_8);
    return Stream.of(
        SECRET,
        encoded,
        HexFormat.of().formatHex(SECRET.getBytes(UTF_8)),
        base64("id:" + SECRET),
        base64("client:" + SECRET),
        base64("me@:" + encoded + "-more"),
        base64(SECRET),
        Base64.getUrlEncoder().encodeToString(("x" + SECRET + "yz").getBytes(UTF_8)));
  }

  @Test
  void aTextWithoutASecretHoldsNone() {
    canaries.plant("client secret", SECRET);

    assertThat(canaries.leakedIn("canary/secret 0123456789 and " + base64("canary/secret")))
        .isEmpty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
