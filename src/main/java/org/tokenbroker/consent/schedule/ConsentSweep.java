package org.tokenbroker.consent.schedule;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.consent.CodeImport;
import org.tokenbroker.consent.ConsentCleaner;

/** Runs on every replica; a sweep that still runs is not overtaken by the next. */
@ApplicationScoped
class ConsentSweep {
  private final ConsentCleaner cleaner;
  private final CodeImport codes;

  ConsentSweep(ConsentCleaner cleaner, CodeImport codes) {
    this.cleaner = cleaner;
    this.codes = codes;
  }

  @Scheduled(
      identity = "consent-sweep",
      every = "${token-broker.consent.sweep-every:PT1M}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> sweep() {
    return cleaner.sweep().chain(codes::forgetOld);
  }
}
