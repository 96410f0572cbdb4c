package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.tokenbroker.serve.Given.NOON;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.Lifetime;

@Requirement("G-10")
class MinimumLifeTest {
  @ParameterizedTest(name = "{0} of a token of {1} means {2}")
  @CsvSource({
    "PT0S, PT1H, PT1M",
    "PT59S, PT1H, PT1M",
    "PT61S, PT1H, PT61S",
    "PT30M, PT1H, PT30M",
    "PT31M, PT1H, PT30M",
    "PT24H, PT1H, PT30M",
    "PT1M, PT2M, PT1M",
    "PT1M, PT90S, PT45S"
  })
  void aWishIsRaisedToAMinuteAndLoweredToHalfTheLife(
      Duration wished, Duration life, Duration meant) {
    assertThat(MinimumLife.of(wished).of(new Lifetime(NOON, NOON.plus(life)))).isEqualTo(meant);
  }

  @Test
  void itIsMetToTheVerySecond() {
    Lifetime life = new Lifetime(NOON.minusSeconds(3540), NOON.plusSeconds(60));

    assertThat(MinimumLife.standard().isMetBy(life, NOON)).isTrue();
    assertThat(MinimumLife.standard().isMetBy(life, NOON.plusMillis(1))).isFalse();
  }

  @Test
  void aTokenWithoutAnyLifeNeverMeetsIt() {
    assertThat(MinimumLife.standard().isMetBy(new Lifetime(NOON, NOON), NOON)).isFalse();
    assertThat(
            MinimumLife.standard()
                .isMetBy(new Lifetime(NOON, NOON.plusNanos(1)), NOON.plusNanos(1)))
        .isFalse();
  }

  @Test
  void lessThanTheFloorCannotBeHeld() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MinimumLife(Duration.ofSeconds(59)));
  }
}
