package org.tokenbroker.safe.vault;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.vault.client.VaultClient;
import io.quarkus.vault.runtime.VaultConfigHolder;
import io.quarkus.vault.runtime.client.VaultClientProducer;
import io.quarkus.vault.runtime.config.VaultRuntimeConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The safe as the application makes it: Quarkus Vault's own producer reads the properties. */
final class VaultConnection implements AutoCloseable {
  final VaultSecretSafe safe;
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();

  VaultConnection(URI address, Map<String, String> properties, InstantSource time) {
    Map<String, String> all = new HashMap<>(properties);
    all.put("quarkus.vault.url", address.toString());
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(VaultRuntimeConfig.class)
            .withMapping(VaultSafeConfig.class)
            .withConverter(Duration.class, 300, new DurationConverter())
            .withDefaultValues(all)
            .build();
    VaultConfigHolder holder =
        new VaultConfigHolder()
            .setVaultRuntimeConfig(config.getConfigMapping(VaultRuntimeConfig.class));
    VaultClient client = new VaultClientProducer().sharedVaultClient(vertx, holder, false);
    safe =
        new VaultSecretSafe(client, config.getConfigMapping(VaultSafeConfig.class), time, metrics);
  }

  static Map<String, String> withToken(String token) {
    return Map.of("quarkus.vault.authentication.client-token", token);
  }

  /** Requests of this kind that were sent, whatever became of them. */
  long sent(VaultOperation operation) {
    return Math.round(
        metrics.find(VaultMetrics.REQUESTS).tag("op", operation.label()).counters().stream()
            .mapToDouble(Counter::count)
            .sum());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
