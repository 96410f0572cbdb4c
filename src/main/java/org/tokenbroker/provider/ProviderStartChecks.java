package org.tokenbroker.provider;

import java.util.List;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.StartCheck;

/** Providers are reached over TLS only. */
public final class ProviderStartChecks {
  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "provider-plain-http",
              Rules.off(
                  "token-broker.provider.allow-plain-http",
                  "lets credentials travel to providers in the clear")));

  private ProviderStartChecks() {}
}
