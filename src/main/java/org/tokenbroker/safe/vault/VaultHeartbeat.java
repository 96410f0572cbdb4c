package org.tokenbroker.safe.vault;

import io.quarkus.arc.profile.UnlessBuildProfile;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Keeps the login at Vault alive without traffic, and finds out about outages before a refresh
 * does.
 */
@ApplicationScoped
@UnlessBuildProfile("sandbox")
public class VaultHeartbeat {
  private final VaultSecretSafe safe;

  VaultHeartbeat(VaultSecretSafe safe) {
    this.safe = safe;
  }

  /** Looks at the clock; asks Vault only when a login or renewal is due. */
  @Scheduled(
      identity = "vault-login",
      every = "1s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> beat() {
    return safe.beat();
  }

  @Scheduled(
      identity = "vault-probe",
      every = "15s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> probe() {
    return safe.probe().replaceWithVoid();
  }
}
