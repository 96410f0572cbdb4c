package org.tokenbroker.platform.health;

import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.registry.HealthRegistries;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jboss.logging.Logger;
import org.tokenbroker.platform.health.DependencyState.Down;
import org.tokenbroker.platform.health.DependencyState.Up;

/**
 * {@code /q/health/group/dependencies}: one entry for each {@link Dependency}. No probe asks for
 * it.
 */
@ApplicationScoped
public class DependencyView {
  /** Name of the health group. */
  static final String GROUP = "dependencies";

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Logger LOG = Logger.getLogger(DependencyView.class);

  private final List<Dependency> dependencies;

  DependencyView(@All List<Dependency> dependencies) {
    this.dependencies = dependencies;
  }

  void show(@Observes StartupEvent started) {
    dependencies.forEach(
        dependency ->
            HealthRegistries.getHealthGroupRegistry(GROUP)
                .register(dependency.name(), (AsyncHealthCheck) () -> entry(dependency, PATIENCE)));
  }

  /**
   * @param patience how long an answer may take before it counts as down
   */
  static Uni<HealthCheckResponse> entry(Dependency dependency, Duration patience) {
    return Uni.createFrom()
        .deferred(dependency::state)
        .ifNoItem()
        .after(patience)
        .recoverWithItem(new Down("timeout"))
        .onFailure()
        .invoke(
            failure ->
                LOG.warnf(
                    "Health of %s cannot be told: %s",
                    dependency.name(), failure.getClass().getName()))
        .onFailure()
        .recoverWithItem(new Down("unknown"))
        .map(state -> response(dependency.name(), state));
  }

  private static HealthCheckResponse response(String name, DependencyState state) {
    return switch (state) {
      case Up up -> HealthCheckResponse.named(name).up().build();
      case Down down ->
          HealthCheckResponse.named(name).down().withData("reason", down.reason()).build();
    };
  }
}
