package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.CART;
import static org.tokenbroker.serve.Given.NOON;
import static org.tokenbroker.serve.Given.STRANGER;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

@Requirement("G-11")
class RateLimitsTest {
  @Test
  void aBurstIsAllowedThenThePaceHolds() {
    RateLimits limits = new RateLimits(10, 3);

    assertThat(allowed(limits, 4, NOON)).isEqualTo(3);
    assertThat(limits.exceeded(CART, NOON)).contains(Duration.ofMillis(100));
    assertThat(allowed(limits, 2, NOON.plusMillis(100))).isEqualTo(1);
    assertThat(allowed(limits, 9, NOON.plusSeconds(60))).isEqualTo(3);
  }

  @Test
  void oneConsumerDoesNotUseUpAnothersAllowance() {
    RateLimits limits = new RateLimits(1, 1);
    assertThat(allowed(limits, 2, NOON)).isEqualTo(1);

    assertThat(limits.exceeded(STRANGER, NOON)).isEmpty();
  }

  private static long allowed(RateLimits limits, int requests, Instant now) {
    return IntStream.range(0, requests)
        .filter(request -> limits.exceeded(CART, now).isEmpty())
        .count();
  }
}
