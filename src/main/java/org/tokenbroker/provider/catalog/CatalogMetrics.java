package org.tokenbroker.provider.catalog;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** When configuration was last read without a fault, as a metric (reliability §5). */
@ApplicationScoped
public class CatalogMetrics {
  void register(@Observes StartupEvent started, Catalog catalog, MeterRegistry registry) {
    Gauge.builder(
            "token_broker_config_last_reload_success_timestamp_seconds",
            catalog,
            known -> known.lastSuccess().getEpochSecond())
        .description("Unix time at which all profile files were last read and none was refused")
        .register(registry);
  }
}
