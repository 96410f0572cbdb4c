package org.tokenbroker.connection.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.connection.AgreementWatch;
import org.tokenbroker.connection.Agreements.Ending;
import org.tokenbroker.provider.Profiles;

/** Looks for agreements that near their end. Every replica does; the ledger keeps them apart. */
@ApplicationScoped
public class ConsentExpiry {
  private final AgreementWatch watch;
  private final Profiles profiles;
  private final MeterRegistry registry;

  ConsentExpiry(AgreementWatch watch, Profiles profiles, MeterRegistry registry) {
    this.watch = watch;
    this.profiles = profiles;
    this.registry = registry;
  }

  @Scheduled(every = "10s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> warn() {
    profiles.all().forEach(profile -> warnings(profile.id()));
    return watch.warn().invoke(near -> near.forEach(this::count)).replaceWithVoid();
  }

  private void count(Ending ending) {
    warnings(ending.provider()).increment();
  }

  /** Stands at zero from the start, so that the first warning is seen as a rise. */
  private Counter warnings(String provider) {
    return Counter.builder("token_broker_consent_warnings")
        .description("Agreements that were found near their end")
        .tag("provider", provider)
        .register(registry);
  }
}
