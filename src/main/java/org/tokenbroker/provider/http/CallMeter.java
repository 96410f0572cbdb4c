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
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenReply.Obstacle;

/** Measures calls to providers, and how far their clocks are from ours. */
@ApplicationScoped
public class CallMeter {
  private static final Outcome ADDRESS_REFUSED = new Outcome.Unsent(Obstacle.ADDRESS_REFUSED);

  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final ClockSkew clocks;
  private final AddressRefusals refusals;

  CallMeter(
      InstantSource clock, MeterRegistry metrics, ClockSkew clocks, AddressRefusals refusals) {
    this.clock = clock;
    this.metrics = metrics;
    this.clocks = clocks;
    this.refusals = refusals;
  }

  Uni<Outcome> measured(Uni<Outcome> exchange, ProviderClient client, Operation operation) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Instant begun = clock.instant();
              return exchange.invoke(outcome -> ended(outcome, client, operation, begun));
            });
  }

  private void ended(Outcome outcome, ProviderClient client, Operation operation, Instant begun) {
    Profile profile = client.profile();
    if (outcome.equals(ADDRESS_REFUSED)) {
      refusals.tell(client, operation);
    }
    if (outcome instanceof Outcome.Answered answered) {
      answered.date().ifPresent(date -> clocks.told(profile.id(), date));
    }
    Timer.builder("token_broker_provider_request_duration")
        .description("Requests to the provider, from our turn to the outcome")
        .tag("provider", profile.id())
        .tag("operation", operation.label())
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
