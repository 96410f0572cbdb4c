package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.tokenbroker.platform.metrics.ClockSkew;
import org.tokenbroker.provider.Profile;

/** Measures calls to providers, and how far their clocks are from ours. */
@ApplicationScoped
public class CallMeter {
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final ClockSkew clocks;

  CallMeter(InstantSource clock, MeterRegistry metrics, ClockSkew clocks) {
    this.clock = clock;
    this.metrics = metrics;
    this.clocks = clocks;
  }

  /**
   * @param operation what is called: a small set
   */
  Uni<Outcome> measured(Uni<Outcome> exchange, Profile profile, String operation) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Instant begun = clock.instant();
              return exchange.invoke(outcome -> ended(outcome, profile, operation, begun));
            });
  }

  private void ended(Outcome outcome, Profile profile, String operation, Instant begun) {
    if (outcome instanceof Outcome.Answered answered) {
      answered.date().ifPresent(date -> clocks.told(profile.id(), date));
    }
    Timer.builder("token_broker_provider_request_duration")
        .description("Requests to the provider, from our turn to the outcome")
        .tag("provider", profile.id())
        .tag("operation", operation)
        .tag("outcome", label(outcome))
        .publishPercentileHistogram()
        .register(metrics)
        .record(Duration.between(begun, clock.instant()));
  }

  private static String label(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answered.answer().status() / 100 + "xx";
      case Outcome.Unsent unsent -> "unsent_" + unsent.obstacle().name().toLowerCase(Locale.ROOT);
      case Outcome.Unknown unknown -> "unknown_" + unknown.doubt().name().toLowerCase(Locale.ROOT);
    };
  }
}
