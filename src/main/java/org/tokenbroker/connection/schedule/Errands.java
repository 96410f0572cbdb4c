package org.tokenbroker.connection.schedule;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.connection.Disconnection;
import org.tokenbroker.connection.FactFinder;
import org.tokenbroker.connection.Installs;

/**
 * Takes up what consents and the ends of connections left to do. Every replica does; the claims
 * keep them apart.
 */
@ApplicationScoped
public class Errands {
  private final Disconnection disconnection;
  private final FactFinder facts;
  private final Installs installs;

  Errands(Disconnection disconnection, FactFinder facts, Installs installs) {
    this.disconnection = disconnection;
    this.facts = facts;
    this.installs = installs;
  }

  @Scheduled(every = "60s", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> abandonOldInstalls() {
    return installs.abandonOld();
  }

  @Scheduled(every = "2s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> lookUpFacts() {
    return facts.lookUpDue();
  }

  @Scheduled(every = "10s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> erase() {
    return disconnection.eraseAll();
  }

  @Scheduled(every = "2s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> revoke() {
    return disconnection.revokeAll();
  }
}
