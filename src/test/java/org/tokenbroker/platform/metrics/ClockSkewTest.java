package org.tokenbroker.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockSkewTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClockSkew clocks = new ClockSkew(registry, () -> NOW);

  @Test
  void whatAnotherClockShowsIsComparedWithOurs() {
    clocks.told("vault", "Sun, 01 Mar 2026 12:00:07 GMT");
    clocks.told("postgresql", NOW.minusMillis(1500));

    assertThat(skewOf("vault")).isEqualTo(7);
    assertThat(skewOf("postgresql")).isEqualTo(-1.5);
  }

  @Test
  void theLatestCounts() {
    clocks.told("vault", NOW.plusSeconds(60));
    clocks.told("vault", NOW);

    assertThat(skewOf("vault")).isZero();
  }

  @Test
  void aDateThatCannotBeReadTellsNothing() {
    clocks.told("vault", "yesterday");

    assertThat(registry.find("token_broker_clock_skew_seconds").gauges()).isEmpty();
  }

  private double skewOf(String peer) {
    return registry.get("token_broker_clock_skew_seconds").tag("peer", peer).gauge().value();
  }
}
