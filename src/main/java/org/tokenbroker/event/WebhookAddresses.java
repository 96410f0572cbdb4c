package org.tokenbroker.event;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import org.tokenbroker.platform.outbound.AddressRules;

/** Which addresses webhooks may have (C24): {@link EventConfig#allowedNetworks}. */
@ApplicationScoped
public class WebhookAddresses {
  private final EventConfig config;

  WebhookAddresses(EventConfig config) {
    this.config = config;
  }

  public AddressRules rules() {
    return AddressRules.allowing(config.allowedNetworks().orElse(List.of()));
  }

  /** As far as the URL tells without being looked up. */
  public boolean allow(URI url) {
    return rules().allowHost(url.getHost());
  }
}
