package org.tokenbroker.provider.store;

import static org.tokenbroker.fixture.Waited.value;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.AcceptedMetadata;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.provider.SigningKeys;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/** The stores of the provider chapter, for tests that are not about them. */
public final class ProviderStores {
  private ProviderStores() {}

  public static MigratedDatabase freshDatabase() {
    return MigratedDatabase.of(
        Postgres.shared().freshDatabase(), RegistrationRow.class, SigningKeyRow.class);
  }

  public static Registrations registrations(PgSessions sessions) {
    return new PgRegistrations(sessions);
  }

  public static AcceptedMetadata acceptedMetadata(PgSessions sessions) {
    return new PgAcceptedMetadata(sessions);
  }

  public static SigningKeys signingKeys(PgSessions sessions) {
    return new PgSigningKeys(sessions);
  }

  /** Registers a client that proves itself by a key. */
  static RegistrationId registered(
      Registrations registrations, String name, String profile, Instant now) {
    RegistrationId id = new RegistrationId(name);
    value(
        registrations.put(
            new Registration(
                id,
                profile,
                "Acme",
                "",
                List.of(),
                ClientAuthenticationMethod.PRIVATE_KEY_JWT,
                Optional.empty(),
                Scopes.none(),
                List.of(),
                Particulars.NONE,
                new RegistrationHealth.Healthy(),
                0),
            Set.of(SecretKind.CLIENT_ID),
            now));
    return id;
  }
}
