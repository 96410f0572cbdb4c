package org.tokenbroker.connection.store;

import org.tokenbroker.connection.Agreements;
import org.tokenbroker.connection.BegunInstalls;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.Lookups;
import org.tokenbroker.connection.Revocations;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.platform.PgSessions;

/** Builds this chapter's stores for tests of other packages. */
public record LedgerAccess(
    Ledger ledger,
    Revocations revocations,
    Agreements agreements,
    Lookups lookups,
    BegunInstalls begun) {

  /**
   * With the registrations {@code acme-app} and {@code other-app}, each at a provider's profile.
   */
  public static MigratedDatabase freshDatabase() {
    MigratedDatabase database =
        MigratedDatabase.of(
            Postgres.shared().freshDatabase(), ConnectionRow.class, RevocationRow.class);
    database.execute(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        SELECT p || '-app', p, p, '', '{}', 'NONE', '', '{}', '{}', 1, now(), now() FROM unnest(ARRAY['acme', 'other']) p""");
    return database;
  }

  public static LedgerAccess to(PgSessions sessions) {
    return new LedgerAccess(
        new PgLedger(sessions),
        new PgRevocations(sessions),
        new PgAgreements(sessions),
        new PgLookups(sessions),
        new PgBegunInstalls(sessions));
  }
}
