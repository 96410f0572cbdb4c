package org.tokenbroker.safe.vault;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.tokenbroker.platform.metrics.ClockSkew;
import org.tokenbroker.safe.SafeActivity;
import org.tokenbroker.safe.SafeState;

/** What operators see of Vault in Prometheus (design/reliability.md, section 5). */
final class VaultMetrics {
  static final String REQUESTS = "token_broker_vault_requests_total";
  static final String TOKEN_EXPIRATION = "token_broker_vault_token_expiration_timestamp_seconds";
  static final String WRITABLE = "token_broker_vault_writable";

  private final MeterRegistry registry;
  private final ClockSkew clocks;

  VaultMetrics(MeterRegistry registry, InstantSource time) {
    this.registry = registry;
    this.clocks = new ClockSkew(registry, time);
  }

  /**
   * @param date {@code Date} header of an answer
   */
  void told(String date) {
    clocks.told("vault", date);
  }

  /**
   * @param activity asked at each scrape
   */
  void show(Supplier<SafeActivity> activity) {
    Gauge.builder(TOKEN_EXPIRATION, () -> seconds(activity.get().credentialExpiry()))
        .description(
            "Unix time at which the broker's Vault token ends unless renewed; NaN without a token or an end")
        .register(registry);
    Gauge.builder(WRITABLE, () -> writable(activity.get().state()))
        .description(
            "1 if the latest write or probe of Vault succeeded, else 0; NaN before the first")
        .register(registry);
  }

  /**
   * @param code HTTP status, {@code none} without an answer, {@code timeout} where none came in
   *     time
   */
  void count(VaultOperation operation, String code) {
    registry.counter(REQUESTS, "op", operation.label(), "code", code).increment();
  }

  private static double seconds(Optional<Instant> expiry) {
    return expiry.map(at -> (double) at.getEpochSecond()).orElse(Double.NaN);
  }

  private static double writable(Optional<SafeState> state) {
    return state.map(VaultMetrics::writable).orElse(Double.NaN);
  }

  private static double writable(SafeState state) {
    return switch (state) {
      case SafeState.Writable() -> 1;
      case SafeState.Unavailable unavailable -> 0;
    };
  }
}
