package org.tokenbroker.provider.store;

import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.AcceptedMetadata;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.provider.SigningKeys;

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
}
