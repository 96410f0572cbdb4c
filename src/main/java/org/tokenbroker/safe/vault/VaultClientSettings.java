package org.tokenbroker.safe.vault;

import io.quarkus.arc.profile.UnlessBuildProfile;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vault.runtime.VaultConfigHolder;
import io.quarkus.vault.runtime.config.VaultRuntimeConfig;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Gives Quarkus Vault its settings. The extension takes them while the configuration is made, and
 * only if CDI runs by then; our start checks read the configuration before anything runs, and its
 * client could not be made.
 */
@ApplicationScoped
@UnlessBuildProfile("sandbox")
class VaultClientSettings {
  private static final int BEFORE_EVERY_BEAN_THAT_CALLS = Integer.MIN_VALUE;

  void give(
      @Observes @Priority(BEFORE_EVERY_BEAN_THAT_CALLS) StartupEvent starting,
      VaultConfigHolder holder) {
    if (holder.getVaultRuntimeConfig() == null) {
      holder.setVaultRuntimeConfig(
          ConfigProvider.getConfig()
              .unwrap(SmallRyeConfig.class)
              .getConfigMapping(VaultRuntimeConfig.class));
    }
  }
}
