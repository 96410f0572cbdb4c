package org.tokenbroker.connection.store;

import org.tokenbroker.connection.Agreements;
import org.tokenbroker.connection.BegunInstalls;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.Lookups;
import org.tokenbroker.connection.Revocations;
import org.tokenbroker.platform.PgSessions;

/** Builds this chapter's stores for tests of other packages. */
public record LedgerAccess(
    Ledger ledger,
    Revocations revocations,
    Agreements agreements,
    Lookups lookups,
    BegunInstalls begun) {
  public static LedgerAccess to(PgSessions sessions) {
    return new LedgerAccess(
        new PgLedger(sessions),
        new PgRevocations(sessions),
        new PgAgreements(sessions),
        new PgLookups(sessions),
        new PgBegunInstalls(sessions));
  }
}
