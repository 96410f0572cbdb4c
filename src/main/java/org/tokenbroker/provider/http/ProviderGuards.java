package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.ProviderConfig;

/**
 * The guard of each provider, or of each registration or host where the profile's {@code
 * limits.per} says so; made anew when the limits change. One that nobody asked for during an hour
 * is forgotten, unless it holds something back.
 */
@ApplicationScoped
public class ProviderGuards {
  /** A budget is full again long before; a break is over, and its next call would be a probe. */
  private static final Duration IDLE_AFTER = Duration.ofHours(1);

  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final ProviderConfig config;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final ConcurrentMap<Subject, Entry> guards = new ConcurrentHashMap<>();
  private final Set<String> measured = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Instant> lookAgainAt = new AtomicReference<>(Instant.MIN);
  private final Duration idleAfter;

  ProviderGuards(ProviderConfig config, InstantSource clock, MeterRegistry metrics) {
    this.config = config;
    this.clock = clock;
    this.metrics = metrics;
    this.idleAfter = IDLE_AFTER.plus(config.breakerDelay().multipliedBy(2));
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

  /**
   * @param usedAt when it was asked for last
   */
  private record Entry(Profile.Limits limits, ProviderGuard guard, Instant usedAt) {
    Entry usedAgain(Instant now) {
      return new Entry(limits, guard, now);
    }
  }

  /** The one for a registration's calls. */
  ProviderGuard of(ProviderClient client) {
    return of(Subject.of(client), client.profile());
  }

  /** The one for calls that are no registration's. */
  ProviderGuard of(Profile profile) {
    return of(new Subject(profile.id(), Optional.empty()), profile);
  }

  private ProviderGuard of(Subject subject, Profile profile) {
    Instant now = clock.instant();
    forgetIdle(now);
    return guards.compute(subject, (key, known) -> fitting(profile, known, now)).guard();
  }

  private Entry fitting(Profile profile, @Nullable Entry known, Instant now) {
    if (known != null && known.limits().equals(profile.limits())) {
      return known.usedAgain(now);
    }
    if (measured.add(profile.id())) {
      measure(profile.id());
    }
    return new Entry(
        profile.limits(),
        new ProviderGuard(profile.limits(), config.timeout(), config.breakerDelay(), clock),
        now);
  }

  /** One replica may meet thousands of hosts; most of them are asked once in a while. */
  private void forgetIdle(Instant now) {
    Instant due = lookAgainAt.get();
    if (!now.isBefore(due) && lookAgainAt.compareAndSet(due, now.plus(LOOK_EVERY))) {
      guards
          .keySet()
          .forEach(subject -> guards.computeIfPresent(subject, (key, entry) -> kept(entry, now)));
    }
  }

  private @Nullable Entry kept(Entry entry, Instant now) {
    boolean idle = !now.isBefore(entry.usedAt().plus(idleAfter)) && !entry.guard().isHoldingBack();
    return idle ? null : entry;
  }

  /** Guards that are remembered. */
  int size() {
    return guards.size();
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
