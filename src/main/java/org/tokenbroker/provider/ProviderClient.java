package org.tokenbroker.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that a call to a provider needs: the provider, our registration there, its secrets, and where
 * it is.
 */
public record ProviderClient(
    Profile profile, Registration registration, ClientSecrets secrets, Site site) {

  /** At the place that profile and registration name. */
  public ProviderClient(Profile profile, Registration registration, ClientSecrets secrets) {
    this(profile, registration, secrets, Site.of(profile, registration.particulars().variables()));
  }

  /**
   * Where a connection's owner is, as far as the provider told it ({@code callback.variables}).
   *
   * @param facts the connection's public facts
   * @return empty where they lead to where the profile does not allow
   */
  public Optional<ProviderClient> toldBy(Map<String, String> facts) {
    Map<String, String> told = Variables.told(profile, facts);
    if (told.isEmpty()) {
      return Optional.of(this);
    }
    Map<String, String> variables = new HashMap<>(registration.particulars().variables());
    variables.putAll(told);
    return Variables.flaws(profile, variables).isEmpty()
        ? Optional.of(at(Site.of(profile, variables).or(site)))
        : Optional.empty();
  }

  private ProviderClient at(Site elsewhere) {
    return new ProviderClient(profile, registration, secrets, elsewhere);
  }
}
