package org.tokenbroker.provider;

import java.util.List;
import org.tokenbroker.platform.outbound.NetworkRules;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.StartCheck;

/** Providers are reached over TLS only, and at addresses that are a provider's. */
public final class ProviderStartChecks {
  private static final String ALLOWED_NETWORKS = "token-broker.provider.allowed-networks";

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "provider-plain-http",
              Rules.off(
                  "token-broker.provider.allow-plain-http",
                  "lets credentials travel to providers in the clear")),
          StartCheck.severe(
              "provider-allowed-networks", NetworkRules.areNetworks(ALLOWED_NETWORKS)),
          StartCheck.waivable(
              "provider-allows-own-host", NetworkRules.noneIsOurs(ALLOWED_NETWORKS)));

  private ProviderStartChecks() {}
}
