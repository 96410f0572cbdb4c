package org.tokenbroker.connection.store;

import org.hibernate.reactive.mutiny.Mutiny;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.Revocations;

/** Builds this chapter's stores for tests of later chapters. */
public record LedgerAccess(Ledger ledger, Revocations revocations) {
  public static LedgerAccess to(Mutiny.SessionFactory sessions) {
    return new LedgerAccess(new PgLedger(sessions), new PgRevocations(sessions));
  }
}
