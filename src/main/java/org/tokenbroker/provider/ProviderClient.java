package org.tokenbroker.provider;

import java.util.Map;

/**
 * All that a call to a provider needs: the provider, our registration there, its secrets, and where
 * it is.
 */
public record ProviderClient(
    Profile profile, Registration registration, ClientSecrets secrets, Site site) {

  /** Of a profile whose URLs need nothing of the registration. */
  public ProviderClient(Profile profile, Registration registration, ClientSecrets secrets) {
    this(profile, registration, secrets, Site.of(profile, Map.of()));
  }
}
