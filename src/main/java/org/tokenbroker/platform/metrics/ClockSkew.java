package org.tokenbroker.platform.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code token_broker_clock_skew_seconds}: how far the clocks of others are ahead of ours, as their
 * answers tell (reliability §2). Negative where they are behind. An answer's way counts as skew;
 * what tells whole seconds may be off by one.
 */
@ApplicationScoped
public class ClockSkew {
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<String, Double> ahead = new ConcurrentHashMap<>();

  public ClockSkew(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * @param peer a small set: {@code postgresql}, {@code vault}, a provider's profile
   * @param told what its clock showed just now
   */
  public void told(String peer, Instant told) {
    Double before = ahead.put(peer, Duration.between(clock.instant(), told).toMillis() / 1000.0);
    if (before == null) {
      Gauge.builder(
              "token_broker_clock_skew_seconds", ahead, known -> known.getOrDefault(peer, 0.0))
          .description("How far the other's clock is ahead of ours")
          .tag("peer", peer)
          .register(registry);
    }
  }

  /**
   * @param date a {@code Date} header (RFC 9110 §5.6.7); one that is malformed tells nothing
   */
  public void told(String peer, String date) {
    try {
      told(peer, DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeParseException malformed) {
      // A clock that cannot be read is no clock; the answer itself is judged elsewhere.
    }
  }
}
