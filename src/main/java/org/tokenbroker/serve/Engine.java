package org.tokenbroker.serve;

/** A shared engine that tokens come from. */
public enum Engine {
  /** PostgreSQL: connections and access rules. */
  LEDGER,
  /** Vault. */
  SAFE
}
