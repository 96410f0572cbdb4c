package org.tokenbroker.event;

import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets things happen to connections and registrations in the database of a running broker. */
@ApplicationScoped
public class Happenings {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Pool pool;

  Happenings(Pool pool) {
    this.pool = pool;
  }

  /** A registration of its own, with a contact. */
  public String registration() {
    String id = "r" + NUMBER.incrementAndGet();
    run(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        VALUES ('%s', 'acme', 'The app', 'Tests', '{ops@example.org}', 'NONE', '', '{}', '{}', 1, now(), now())"""
            .formatted(id));
    return id;
  }

  /** A connection under the registration, active from the start: one event. */
  public String connection(String tenant, String registration) {
    String id = "c" + NUMBER.incrementAndGet();
    run(
        """
        INSERT INTO connection (id, tenant, registration, provider, grant_type, requested_scopes, state, since, created_at, updated_at)
        VALUES ('%s', '%s', '%s', 'acme', 'authorization_code', '', 'active', now(), now(), now())"""
            .formatted(id, tenant, registration));
    return id;
  }

  public void needsConsent(String connection) {
    run(
        "UPDATE connection SET state = 'needs_consent', cause = 'REFUSED_BY_PROVIDER' WHERE id = '"
            + connection
            + "'");
  }

  public void refused(String registration) {
    run(
        "UPDATE registration SET fault = 'INVALID_CLIENT', fault_since = now(), probe_at = now() WHERE id = '"
            + registration
            + "'");
  }

  public void run(String sql) {
    pool.query(sql).execute().await().atMost(PATIENCE);
  }
}
