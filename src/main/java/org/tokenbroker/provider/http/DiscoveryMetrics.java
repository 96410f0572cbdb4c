package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.tokenbroker.provider.DiscoveryObserver;

/** {@code token_broker_discovery_total}: an alarm where {@code outcome} is not {@code found}. */
@ApplicationScoped
public class DiscoveryMetrics implements DiscoveryObserver {
  private final MeterRegistry metrics;

  DiscoveryMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void ended(String profile, Outcome outcome) {
    Counter.builder("token_broker_discovery_total")
        .description("Fetches of issuers' metadata, by what became of them")
        .tag("provider", profile)
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(metrics)
        .increment();
  }
}
