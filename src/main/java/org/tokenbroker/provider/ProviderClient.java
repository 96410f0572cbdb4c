package org.tokenbroker.provider;

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
}
