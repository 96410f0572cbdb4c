package org.tokenbroker.provider.catalog;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** How reading the profile files went, as metrics (reliability §5). */
@ApplicationScoped
public class CatalogMetrics {
  void register(@Observes StartupEvent started, Catalog catalog, MeterRegistry registry) {
    Gauge.builder(
            "token_broker_config_last_reload_success_timestamp_seconds",
            catalog,
            known -> known.lastSuccess().getEpochSecond())
        .description("Unix time at which all profile files were last read and none was refused")
        .register(registry);
    Gauge.builder(
            "token_broker_profile_faults", catalog, known -> known.status().violations().size())
        .description("Faults in profile files that are refused for them; the log names each")
        .register(registry);
  }
}
