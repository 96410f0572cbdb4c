package org.tokenbroker.platform.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code token_broker_build_info}: always 1; its label says which build runs. */
@ApplicationScoped
public class BuildInfo {
  private final String version;

  BuildInfo(@ConfigProperty(name = "quarkus.application.version") String version) {
    this.version = version;
  }

  void register(@Observes StartupEvent started, MeterRegistry registry) {
    Gauge.builder("token_broker_build_info", () -> 1)
        .description("Which build runs.")
        .tag("version", version)
        .register(registry);
  }
}
