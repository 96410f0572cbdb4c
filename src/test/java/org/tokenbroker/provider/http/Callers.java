package org.tokenbroker.provider.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.tokenbroker.fixture.StrictProvider;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.sandbox.OAuthClient;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * Our clients as callers of the token endpoint; each has a provider of its own, so that no guard is
 * shared between tests.
 */
final class Callers {
  static final String CALLBACK = "http://127.0.0.1:9/callback";
  static final String ID = "canary-client-id";
  static final String SECRET = "canary-client-secret";

  private static final AtomicLong NUMBER = new AtomicLong();

  private Callers() {}

  static ProfileFixture profile(URI base) {
    return ProfileFixture.at(base).id("provider-" + NUMBER.incrementAndGet());
  }

  static ProfileFixture profile(StrictProvider provider) {
    return profile(URI.create(provider.server().issuer()));
  }

  /** A client with a secret in the body, registered at the provider. */
  static ProviderClient registered(StrictProvider provider) {
    provider
        .server()
        .register(OAuthClient.of(ID, new OAuthClient.SecretPost(SECRET)).redirectingTo(CALLBACK));
    return withSecret(profile(provider).profile());
  }

  static ProviderClient withSecret(Profile profile) {
    return client(
        profile,
        ClientAuthenticationMethod.CLIENT_SECRET_POST,
        new ClientSecrets(Secret.of(ID), Optional.of(Secret.of(SECRET)), Optional.empty()),
        Optional.empty());
  }

  /** A client with a secret in the body that fills this into its profile. */
  static ProviderClient filling(Profile profile, Particulars particulars) {
    return client(
        profile,
        ClientAuthenticationMethod.CLIENT_SECRET_POST,
        new ClientSecrets(Secret.of(ID), Optional.of(Secret.of(SECRET)), Optional.empty()),
        Optional.empty(),
        particulars);
  }

  static ProviderClient client(
      Profile profile,
      ClientAuthenticationMethod method,
      ClientSecrets secrets,
      Optional<Registration.Signing> signing) {
    return client(profile, method, secrets, signing, Particulars.NONE);
  }

  static ProviderClient client(
      Profile profile,
      ClientAuthenticationMethod method,
      ClientSecrets secrets,
      Optional<Registration.Signing> signing,
      Particulars particulars) {
    return new ProviderClient(
        profile,
        new Registration(
            new RegistrationId("registration-" + NUMBER.incrementAndGet()),
            profile.id(),
            "Acme",
            "",
            List.of(),
            method,
            signing,
            Scopes.of("read"),
            List.of(URI.create(CALLBACK)),
            particulars,
            new RegistrationHealth.Healthy(),
            1),
        secrets);
  }
}
