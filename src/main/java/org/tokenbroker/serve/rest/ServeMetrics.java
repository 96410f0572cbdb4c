package org.tokenbroker.serve.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts and times token requests (reliability §5). Labels come from closed sets only. */
@ApplicationScoped
public class ServeMetrics {
  private final MeterRegistry registry;
  private final Timer duration;
  private final DistributionSummary remaining;
  private final ConcurrentMap<Outcome, Counter> requests = new ConcurrentHashMap<>();
  private final Counter allowed;
  private final Counter denied;

  ServeMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.duration =
        Timer.builder("token_broker.token.request.duration")
            .description("From the arrival of a token request to its answer.")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5))
            .register(registry);
    this.remaining =
        DistributionSummary.builder("token_broker.token.remaining")
            .description("Life left of a token when it was served.")
            .baseUnit("seconds")
            .serviceLevelObjectives(60, 120, 300, 600, 1800, 3600, 14400, 86400)
            .register(registry);
    this.allowed = decision("allow");
    this.denied = decision("deny");
  }

  void answered(Outcome outcome, Duration took) {
    requests.computeIfAbsent(outcome, this::counter).increment();
    duration.record(took);
  }

  void served(Duration left) {
    remaining.record(left.toMillis() / 1000.0);
  }

  void decided(boolean allow) {
    (allow ? allowed : denied).increment();
  }

  private Counter counter(Outcome outcome) {
    return Counter.builder("token_broker.token.requests")
        .description("Token requests by what came of them.")
        .tag("outcome", Outcome.label(outcome.result()))
        .tag("reason", outcome.reason())
        .register(registry);
  }

  private Counter decision(String decision) {
    return Counter.builder("token_broker.authz.decisions")
        .description("Whether access rules let a consumer have a token.")
        .tag("decision", decision)
        .register(registry);
  }
}
