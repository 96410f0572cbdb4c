package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.CART;
import static org.tokenbroker.serve.Given.NOON;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.tokenbroker.fixture.Requirement;

@Requirement("G-11")
class RateLimitsProperties {
  @Property
  void overAnyTimeNoMoreThanBurstAndPaceGetThrough(
      @ForAll @IntRange(min = 1, max = 50) int pace,
      @ForAll @IntRange(min = 1, max = 20) int burst,
      @ForAll @Size(max = 200) List<@IntRange(max = 300) Integer> pauses) {
    RateLimits limits = new RateLimits(pace, burst);
    Instant now = NOON;
    int through = 0;
    for (int pause : pauses) {
      now = now.plusMillis(pause);
      through += limits.exceeded(CART, now).isEmpty() ? 1 : 0;
    }

    double seconds = Duration.between(NOON, now).toMillis() / 1000.0;
    assertThat((double) through).isLessThanOrEqualTo(burst + seconds * pace + 1e-6);
  }
}
