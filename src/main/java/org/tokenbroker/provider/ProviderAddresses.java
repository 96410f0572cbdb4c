package org.tokenbroker.provider;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.tokenbroker.platform.outbound.AddressRules;

/** Which addresses calls to providers may reach (C24): {@link ProviderConfig#allowedNetworks}. */
@ApplicationScoped
public class ProviderAddresses {
  private final ProviderConfig config;

  ProviderAddresses(ProviderConfig config) {
    this.config = config;
  }

  public AddressRules rules() {
    return AddressRules.allowing(config.allowedNetworks().orElse(List.of()));
  }
}
