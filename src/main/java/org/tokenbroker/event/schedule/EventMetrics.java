package org.tokenbroker.event.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.tokenbroker.event.EventObserver;
import org.tokenbroker.event.Failure;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Outbox;
import org.tokenbroker.event.Outbox.Census;

/**
 * Events and their deliveries as metrics. What is counted in PostgreSQL is kept while it is away.
 */
@ApplicationScoped
public class EventMetrics implements EventObserver {
  private static final String EVENTS = "token_broker_events";
  private static final String DELIVERIES = "token_broker_webhook_deliveries";

  private final MeterRegistry registry;
  private final Outbox outbox;
  private final InstantSource time;
  private final AtomicReference<Census> census =
      new AtomicReference<>(new Census(0, Optional.empty()));

  EventMetrics(MeterRegistry registry, Outbox outbox, InstantSource time) {
    this.registry = registry;
    this.outbox = outbox;
    this.time = time;
    Arrays.stream(Kind.values()).forEach(kind -> events(kind).increment(0));
    outcomes().forEach(outcome -> deliveries(outcome).increment(0));
    Gauge.builder("token_broker_webhook_backlog", () -> census.get().backlog())
        .description("Events that wait for webhooks, each counted for each webhook")
        .register(registry);
    Gauge.builder("token_broker_webhook_oldest_undelivered_seconds", this::oldest)
        .description("Age of the oldest event that waits for a webhook; 0 where none does")
        .register(registry);
  }

  @Override
  public void placed(Map<Kind, Integer> events) {
    events.forEach((kind, number) -> events(kind).increment(number));
  }

  @Override
  public void attempted(String outcome) {
    deliveries(outcome).increment();
  }

  @Scheduled(every = "15s", delayed = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> count() {
    return outbox.census().invoke(counted -> counted.ifPresent(census::set)).replaceWithVoid();
  }

  private double oldest() {
    Instant now = time.instant();
    return census
        .get()
        .oldest()
        .map(happened -> Duration.between(happened, now).toMillis() / 1000.0)
        .orElse(0.0);
  }

  private Counter events(Kind kind) {
    return Counter.builder(EVENTS)
        .description("Events that this replica put in order, by kind")
        .tag("kind", kind.label())
        .register(registry);
  }

  private Counter deliveries(String outcome) {
    return Counter.builder(DELIVERIES)
        .description("Attempts to deliver events to webhooks, by what came of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static Stream<String> outcomes() {
    return Stream.concat(
        Stream.of("delivered", "gone", "given_up", "safe_unavailable"),
        Arrays.stream(Failure.values()).map(Failure::label));
  }
}
