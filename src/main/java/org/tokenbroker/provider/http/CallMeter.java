package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.tokenbroker.platform.metrics.ClockSkew;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.token.RegistrationId;

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
    return measured(exchange, client.profile(), Optional.of(client.registration().id()), operation);
  }

  /**
   * @param registration whose call it is; absent where it is nobody's
   */
  Uni<Outcome> measured(
      Uni<Outcome> exchange,
      Profile profile,
      Optional<RegistrationId> registration,
      Operation operation) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Instant begun = clock.instant();
              return exchange
                  .invoke(outcome -> tellOfRefusal(outcome, profile, registration, operation))
                  .invoke(outcome -> ended(outcome, profile, operation, begun));
            });
  }

  private void tellOfRefusal(
      Outcome outcome,
      Profile profile,
      Optional<RegistrationId> registration,
      Operation operation) {
    if (outcome.equals(ADDRESS_REFUSED)) {
      refusals.tell(profile, registration, operation);
    }
  }

  private void ended(Outcome outcome, Profile profile, Operation operation, Instant begun) {
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
