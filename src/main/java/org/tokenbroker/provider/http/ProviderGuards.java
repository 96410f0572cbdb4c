package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderConfig;

/** The guard of each provider; made anew when its limits change. */
@ApplicationScoped
public class ProviderGuards {
  private final ProviderConfig config;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final ConcurrentMap<String, Entry> guards = new ConcurrentHashMap<>();

  ProviderGuards(ProviderConfig config, InstantSource clock, MeterRegistry metrics) {
    this.config = config;
    this.clock = clock;
    this.metrics = metrics;
  }

  private record Entry(Profile.Limits limits, ProviderGuard guard) {}

  ProviderGuard of(Profile profile) {
    Entry present = guards.get(profile.id());
    return present != null && present.limits().equals(profile.limits())
        ? present.guard()
        : guards.compute(profile.id(), (id, known) -> fitting(profile, known)).guard();
  }

  private Entry fitting(Profile profile, @Nullable Entry known) {
    if (known != null && known.limits().equals(profile.limits())) {
      return known;
    }
    if (known == null) {
      measure(profile.id());
    }
    return new Entry(
        profile.limits(),
        new ProviderGuard(profile.limits(), config.timeout(), config.breakerDelay(), clock));
  }

  private void measure(String provider) {
    Gauge.builder("token_broker_circuit_state", () -> circuitState(provider))
        .description("Breaker of calls to the provider: 0 closed, 1 half-open, 2 open")
        .tag("provider", provider)
        .register(metrics);
  }

  private int circuitState(String provider) {
    Entry entry = guards.get(provider);
    return entry == null ? 0 : entry.guard().circuitState();
  }
}
