package org.tokenbroker.provider;

/** All that a call to a provider needs: the provider, our registration there, its secrets. */
public record ProviderClient(Profile profile, Registration registration, ClientSecrets secrets) {}
