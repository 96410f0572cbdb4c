package org.tokenbroker.provider.schedule;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.tokenbroker.provider.RegistrationCensus;
import org.tokenbroker.provider.RegistrationCensus.Faulty;
import org.tokenbroker.provider.RegistrationCensus.Seen;

/**
 * Registrations that need somebody (IV-9, IV-10). One series for each faulty one and none for
 * healthy ones; whom to tell stands in the event and the log, not here: contacts are personal data.
 * Kept while the ledger does not answer.
 */
@ApplicationScoped
public class RegistrationMetrics {
  private final RegistrationCensus census;
  private final MultiGauge faulty;
  private final MultiGauge number;
  private final MultiGauge certificateEnds;

  RegistrationMetrics(RegistrationCensus census, MeterRegistry registry) {
    this.census = census;
    this.faulty =
        MultiGauge.builder("token_broker_registration_faulty")
            .description("1 for a registration whose client the provider refuses")
            .register(registry);
    this.number =
        MultiGauge.builder("token_broker_faulty_registrations")
            .description("Registrations whose client the provider refuses")
            .register(registry);
    this.certificateEnds =
        MultiGauge.builder("token_broker_signing_certificate_expiration_timestamp_seconds")
            .description("When the first certificate of a key that signs assertions ends")
            .register(registry);
  }

  @Scheduled(every = "15s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return census.look().invoke(seen -> seen.ifPresent(this::show)).replaceWithVoid();
  }

  private void show(Seen seen) {
    faulty.register(seen.faulty().stream().<Row<?>>map(RegistrationMetrics::row).toList(), true);
    number.register(rows(seen.faultyByProvider(), Long::doubleValue), true);
    certificateEnds.register(
        rows(seen.certificateEnds(), ends -> ends.toEpochMilli() / 1000.0), true);
  }

  private static Row<?> row(Faulty registration) {
    return Row.of(
        Tags.of(
            "registration",
            registration.id().value(),
            "provider",
            registration.provider(),
            "cause",
            registration.cause().name().toLowerCase(Locale.ROOT)),
        1);
  }

  private static <T> List<Row<?>> rows(Map<String, T> byProvider, ToDoubleFunction<T> value) {
    return byProvider.entrySet().stream()
        .<Row<?>>map(
            each ->
                Row.of(Tags.of("provider", each.getKey()), value.applyAsDouble(each.getValue())))
        .toList();
  }
}
