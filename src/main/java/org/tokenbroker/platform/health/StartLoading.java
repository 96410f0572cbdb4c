package org.tokenbroker.platform.health;

/**
 * Work that a replica does once before it can answer, for example reading the provider catalogue.
 * Chapters offer theirs as beans. Must end without PostgreSQL, Vault or a provider, or it would tie
 * readiness to them.
 */
public interface StartLoading {
  /** Stable snake_case name, one for each bean. */
  String name();

  /** Once true, stays true. Called on an event loop. */
  boolean done();
}
