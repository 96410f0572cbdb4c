package org.tokenbroker.event.store;

import static org.tokenbroker.fixture.Waited.value;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokenbroker.event.Event;
import org.tokenbroker.event.EventLog;
import org.tokenbroker.event.Place;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;

/** A database of the broker in which connections change their states at a test's word. */
final class EventDatabase implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Postgres.Database database = Postgres.shared().freshDatabase();
  private final MigratedDatabase migrated =
      MigratedDatabase.of(database, EventRow.class, WebhookRow.class, DeliveryRow.class);

  EventDatabase() {
    database.execute(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        SELECT r, 'acme', 'The app', 'Tests', '{ops@example.org}', 'NONE', '', '{}', '{}', 1, now(), now() FROM unnest(ARRAY['app', 'other']) r""");
  }

  MigratedDatabase migrated() {
    return migrated;
  }

  PgEventLog log() {
    return new PgEventLog(migrated.sessions());
  }

  PgOutbox outbox() {
    return new PgOutbox(migrated.sessions());
  }

  PgWebhooks webhooks() {
    return new PgWebhooks(migrated.sessions());
  }

  /** An active connection with an id of its own: one event. */
  String connection() {
    return connection("tenant", "app");
  }

  String connection(String tenant, String registration) {
    String id = "c" + NUMBER.incrementAndGet();
    database.execute(
        """
        INSERT INTO connection (id, tenant, registration, provider, grant_type, requested_scopes, state, since, created_at, updated_at)
        VALUES ('%s', '%s', '%s', 'acme', 'authorization_code', '', 'active', now(), now(), now())"""
            .formatted(id, tenant, registration));
    return id;
  }

  void fails(String connection) {
    database.execute(failing(connection));
  }

  void recovers(String connection) {
    database.execute(
        "UPDATE connection SET state = 'active', cause = NULL WHERE id = '" + connection + "'");
  }

  static String failing(String connection) {
    return "UPDATE connection SET state = 'ailing', cause = 'THROTTLED' WHERE id = '"
        + connection
        + "'";
  }

  void execute(String... statements) {
    database.execute(statements);
  }

  List<String> column(String query) {
    return database.column(query);
  }

  /** Whether somebody waits here for a lock. */
  boolean isWaitedFor() {
    return !column(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        .isEmpty();
  }

  /** A transaction that the test ends. */
  Connection transaction() throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    connection.setAutoCommit(false);
    return connection;
  }

  static void run(Connection transaction, String sql) throws SQLException {
    try (Statement statement = transaction.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Places what is committed, with a time for delivery of a day. */
  void place() {
    value(log().place(100, NOW, NOW.plus(Duration.ofDays(1))));
  }

  List<Event> listed(EventLog.Filter filter, Place after, int limit) {
    return ((EventLog.Listing.Page) value(log().list(filter, after, limit))).events();
  }

  @Override
  public void close() {
    migrated.close();
  }
}
