package org.tokenbroker.platform.health;

import io.quarkus.arc.All;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.jboss.logging.Logger;

/**
 * Whether this replica can answer: its door accepts and what it needs in memory is there. A
 * dependency that goes down later changes neither, since tokens are served from memory (K-5); else
 * one outage would empty the Service.
 */
@ApplicationScoped
public class ReplicaHealth {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Logger LOG = Logger.getLogger(ReplicaHealth.class);

  private final ServingDoor door;
  private final List<StartLoading> loadings;
  private final Duration patience;

  @Inject
  ReplicaHealth(ServingDoor door, @All List<StartLoading> loadings) {
    this(door, loadings, PATIENCE);
  }

  ReplicaHealth(ServingDoor door, List<StartLoading> loadings, Duration patience) {
    this.door = door;
    this.loadings = loadings;
    this.patience = patience;
  }

  @Produces
  @ApplicationScoped
  @Readiness
  AsyncHealthCheck ready() {
    return () -> answer("can_answer");
  }

  @Produces
  @ApplicationScoped
  @Startup
  AsyncHealthCheck started() {
    return () -> answer("started");
  }

  Uni<HealthCheckResponse> answer(String name) {
    return pending().map(pending -> response(name, pending));
  }

  /** Names of what is not in memory yet, in alphabetical order. */
  private Uni<List<String>> pending() {
    if (loadings.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    List<Uni<Optional<String>>> names = new ArrayList<>();
    loadings.forEach(loading -> names.add(nameUnlessLoaded(loading)));
    return Uni.join()
        .all(names)
        .andCollectFailures()
        .map(found -> found.stream().flatMap(Optional::stream).sorted().toList());
  }

  private Uni<Optional<String>> nameUnlessLoaded(StartLoading loading) {
    return Uni.createFrom()
        .deferred(loading::loaded)
        .ifNoItem()
        .after(patience)
        .recoverWithItem(false)
        .onFailure()
        .invoke(
            failure ->
                LOG.warnf("Loading %s failed: %s", loading.name(), failure.getClass().getName()))
        .onFailure()
        .recoverWithItem(false)
        .map(loaded -> loaded ? Optional.empty() : Optional.of(loading.name()));
  }

  private HealthCheckResponse response(String name, List<String> pending) {
    boolean accepting = door.accepting();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named(name).withData("door", accepting ? "accepting" : "closed");
    if (!pending.isEmpty()) {
      response.withData("loading", String.join(", ", pending));
    }
    return response.status(accepting && pending.isEmpty()).build();
  }
}
