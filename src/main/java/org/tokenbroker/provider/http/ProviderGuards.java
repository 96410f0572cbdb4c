package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.ProviderConfig;

/**
 * The guard of each provider, or of each registration or host where the profile's {@code
 * limits.per} says so; made anew when the limits change.
 */
@ApplicationScoped
public class ProviderGuards {
  private final ProviderConfig config;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final ConcurrentMap<Subject, Entry> guards = new ConcurrentHashMap<>();
  private final Set<String> measured = ConcurrentHashMap.newKeySet();

  ProviderGuards(ProviderConfig config, InstantSource clock, MeterRegistry metrics) {
    this.config = config;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * @param part a registration or host; absent: all of the provider's, and calls that are nobody's
   */
  private record Subject(String profile, Optional<String> part) {
    static Subject of(ProviderClient client) {
      return new Subject(
          client.profile().id(),
          switch (client.profile().limits().per()) {
            case PROVIDER -> Optional.empty();
            case REGISTRATION -> Optional.of(client.registration().id().value());
            case HOST -> client.site().token().map(URI::getAuthority);
          });
    }
  }

  private record Entry(Profile.Limits limits, ProviderGuard guard) {}

  /** The one for a registration's calls. */
  ProviderGuard of(ProviderClient client) {
    return of(Subject.of(client), client.profile());
  }

  /** The one for calls that are no registration's. */
  ProviderGuard of(Profile profile) {
    return of(new Subject(profile.id(), Optional.empty()), profile);
  }

  private ProviderGuard of(Subject subject, Profile profile) {
    Entry present = guards.get(subject);
    return present != null && present.limits().equals(profile.limits())
        ? present.guard()
        : guards.compute(subject, (key, known) -> fitting(profile, known)).guard();
  }

  private Entry fitting(Profile profile, @Nullable Entry known) {
    if (known != null && known.limits().equals(profile.limits())) {
      return known;
    }
    if (measured.add(profile.id())) {
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

  /** The worst of its registrations' counts for the provider. */
  private int circuitState(String provider) {
    return guards.entrySet().stream()
        .filter(entry -> entry.getKey().profile().equals(provider))
        .mapToInt(entry -> entry.getValue().guard().circuitState())
        .max()
        .orElse(0);
  }
}
