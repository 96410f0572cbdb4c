package org.tokenbroker.connection;

/** Outcome of looking a connection up. */
public sealed interface LedgerRead {
  record Found(Connection connection) implements LedgerRead {}

  /** Never created, or deleted. */
  record Unknown() implements LedgerRead {}

  /** PostgreSQL did not answer. */
  record Unavailable() implements LedgerRead {}
}
