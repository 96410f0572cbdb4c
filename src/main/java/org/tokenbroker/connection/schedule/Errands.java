package org.tokenbroker.connection.schedule;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.connection.Disconnection;

/**
 * Takes up what the end of a connection left to do. Every replica does; the claims keep them apart.
 */
@ApplicationScoped
public class Errands {
  private final Disconnection disconnection;

  Errands(Disconnection disconnection) {
    this.disconnection = disconnection;
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
