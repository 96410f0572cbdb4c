package org.tokenbroker.platform.health;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Whether this replica can answer: its door accepts and what it loads once is loaded. A dependency
 * that is down changes neither, since tokens are served from memory (K-5); else one outage would
 * empty the Service.
 */
@ApplicationScoped
public class ReplicaHealth {
  private final ServingDoor door;
  private final List<StartLoading> loadings;

  ReplicaHealth(ServingDoor door, @All List<StartLoading> loadings) {
    this.door = door;
    this.loadings = loadings;
  }

  @Produces
  @ApplicationScoped
  @Readiness
  HealthCheck ready() {
    return () -> answer("can_answer");
  }

  @Produces
  @ApplicationScoped
  @Startup
  HealthCheck started() {
    return () -> answer("started");
  }

  HealthCheckResponse answer(String name) {
    List<String> pending =
        loadings.stream()
            .filter(loading -> !loading.done())
            .map(StartLoading::name)
            .sorted()
            .toList();
    boolean accepting = door.accepting();
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named(name).withData("door", accepting ? "accepting" : "closed");
    if (!pending.isEmpty()) {
      answer.withData("loading", String.join(", ", pending));
    }
    return answer.status(accepting && pending.isEmpty()).build();
  }
}
