package org.tokenbroker.refresh.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny.SelectionQuery;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.store.ConnectionRow;
import org.tokenbroker.connection.store.FactsJson;
import org.tokenbroker.connection.store.HealthColumns;
import org.tokenbroker.connection.store.HeldColumns;
import org.tokenbroker.connection.store.TermColumns;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.refresh.Lease;
import org.tokenbroker.token.ConnectionId;

/**
 * Leases as columns of table {@code connection} (reliability §2.2 rule 3). Each method is one short
 * transaction with no call to anything else inside; {@code lease_until} is set and compared by the
 * database's clock only.
 */
@ApplicationScoped
public class PgLease implements Lease {
  private static final Logger LOG = Logger.getLogger(PgLease.class);

  /** Three times the total time limit of a call to a provider. */
  private static final int LEASE_SECONDS = 30;

  private static final String FREE =
      "deleted_at IS NULL AND disabled_at IS NULL AND (lease_until IS NULL OR lease_until < clock_timestamp())";

  private static final String TAKE =
      "epoch = connection.epoch + 1, lease_until = clock_timestamp() + make_interval(secs => "
          + LEASE_SECONDS
          + ")";

  private static final String CLAIM_DUE =
      """
      WITH ranked AS (
        SELECT id, row_number() OVER (PARTITION BY provider ORDER BY expires_at NULLS FIRST, due_at) AS turn
        FROM connection
        WHERE due_at <= :now AND %1$s
      ), picked AS (
        SELECT connection.id FROM connection JOIN ranked ON ranked.id = connection.id
        WHERE ranked.turn <= COALESCE(CAST(CAST(CAST(:room AS text) AS jsonb) ->> provider AS integer), :limit) AND due_at <= :now AND %1$s
        ORDER BY ranked.turn, expires_at NULLS FIRST
        LIMIT :limit
        FOR UPDATE OF connection SKIP LOCKED
      )
      UPDATE connection SET %2$s FROM picked WHERE connection.id = picked.id
      RETURNING %3$s"""
          .formatted(FREE, TAKE, ConnectionRow.COLUMNS);

  private static final String CLAIM_ONE =
      "UPDATE connection SET %2$s WHERE id = :id AND %1$s RETURNING %3$s"
          .formatted(FREE, TAKE, ConnectionRow.COLUMNS);

  private static final String IS_GONE =
      "SELECT "
          + ConnectionRow.COLUMNS
          + " FROM connection WHERE id = :id AND deleted_at IS NULL AND disabled_at IS NULL";

  /** What was claimed by a tenant meanwhile, or promised to one before, is not unclaimed. */
  private static final String STATE =
      """
      state = CASE WHEN CAST(:state AS text) = 'unclaimed' AND COALESCE(tenant, promised_to) IS NOT NULL THEN 'active'
                   ELSE CAST(:state AS text) END,
      tenant = CASE WHEN CAST(:state AS text) = 'unclaimed' THEN COALESCE(tenant, promised_to) ELSE tenant END,
      promised_to = CASE WHEN CAST(:state AS text) = 'unclaimed' THEN NULL ELSE promised_to END""";

  private static final String REFRESHED =
      """
      UPDATE connection SET %1$s, cause = NULLIF(:cause, ''), failures = :failures, since = :since,
        facts = CAST(CAST(facts AS jsonb) || CAST(CAST(:facts AS text) AS jsonb) AS text),
        generation = :generation, issued_at = :issuedAt, expires_at = :expiresAt, granted_scopes = :granted,
        facts_due_at = CASE WHEN :state = 'pending_consent' THEN COALESCE(facts_due_at, :now) ELSE facts_due_at END,
        due_at = :dueAt, lease_until = NULL, updated_at = :now, %2$s
      WHERE id = :id AND epoch = :epoch AND generation <= :generation RETURNING %3$s"""
          .formatted(STATE, TermColumns.ASSIGNMENTS, ConnectionRow.COLUMNS);

  private static final String NOT_REFRESHED =
      """
      UPDATE connection SET %1$s, cause = NULLIF(:cause, ''), failures = :failures, since = :since,
        due_at = CAST(NULLIF(:dueAt, '') AS timestamptz), lease_until = NULL, updated_at = :now
      WHERE id = :id AND epoch = :epoch RETURNING %2$s"""
          .formatted(STATE, ConnectionRow.COLUMNS);

  /** Erasing what a revoked connection held waits for a refresh that was under way. */
  private static final String MAKE_WAY =
      """
      UPDATE connection SET lease_until = NULL
      WHERE id = :id AND epoch = :epoch + 1 AND remains_since IS NOT NULL
      RETURNING\s"""
          + ConnectionRow.COLUMNS;

  private final PgSessions sessions;

  PgLease(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<List<Claim>> claimDue(Instant now, int limit, Map<String, Integer> room) {
    return run(
            CLAIM_DUE,
            query ->
                query
                    .setParameter("now", now)
                    .setParameter("limit", limit)
                    .setParameter("room", new JsonObject(Map.copyOf(room)).encode()))
        .map(rows -> rows.stream().map(PgLease::claim).toList())
        .onFailure(PgFailures::isUnavailable)
        .invoke(() -> LOG.warn("PostgreSQL does not answer: nothing is claimed for refresh"))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  @Override
  public Uni<Taken> claim(ConnectionId id) {
    return run(CLAIM_ONE, query -> query.setParameter("id", id.value()))
        .<Taken>chain(
            rows ->
                rows.isEmpty()
                    ? whyNot(id)
                    : Uni.createFrom().item(new Taken.Yes(claim(rows.getFirst()))))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Taken.Unavailable());
  }

  @Override
  public Uni<Written> refreshed(Claim claim, Fresh fresh, Health health, Instant now) {
    return fenced(
        claim,
        REFRESHED,
        query ->
            TermColumns.set(
                    HeldColumns.set(health(query, claim, health), fresh.held()), fresh.term())
                .setParameter("facts", FactsJson.write(fresh.facts()))
                .setParameter("dueAt", fresh.dueAt())
                .setParameter("now", now));
  }

  @Override
  public Uni<Written> notRefreshed(
      Claim claim, Health health, Optional<Instant> dueAt, Instant now) {
    return fenced(
        claim,
        NOT_REFRESHED,
        query ->
            health(query, claim, health)
                .setParameter("dueAt", dueAt.map(Instant::toString).orElse(""))
                .setParameter("now", now));
  }

  private Uni<Taken> whyNot(ConnectionId id) {
    return sessions
        .withSession(
            session ->
                session
                    .createNativeQuery(IS_GONE, ConnectionRow.class)
                    .setParameter("id", id.value())
                    .getResultList())
        .map(rows -> rows.isEmpty() ? new Taken.Gone() : new Taken.Held());
  }

  private Uni<Written> fenced(
      Claim claim,
      String sql,
      Function<SelectionQuery<ConnectionRow>, SelectionQuery<ConnectionRow>> parameters) {
    return run(sql, parameters)
        .chain(
            rows ->
                rows.isEmpty()
                    ? makeWay(claim).replaceWith(Written.FENCED)
                    : Uni.createFrom().item(Written.DONE))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Written.UNAVAILABLE);
  }

  private Uni<List<ConnectionRow>> makeWay(Claim claim) {
    return run(
        MAKE_WAY,
        query ->
            query
                .setParameter("id", claim.connection().id().value())
                .setParameter("epoch", claim.epoch()));
  }

  private Uni<List<ConnectionRow>> run(
      String sql,
      Function<SelectionQuery<ConnectionRow>, SelectionQuery<ConnectionRow>> parameters) {
    return sessions.withTransaction(
        session ->
            parameters.apply(session.createNativeQuery(sql, ConnectionRow.class)).getResultList());
  }

  private static SelectionQuery<ConnectionRow> health(
      SelectionQuery<ConnectionRow> query, Claim claim, Health health) {
    HealthColumns columns = HealthColumns.of(health);
    return query
        .setParameter("id", claim.connection().id().value())
        .setParameter("epoch", claim.epoch())
        .setParameter("state", columns.state())
        .setParameter("cause", columns.cause().orElse(""))
        .setParameter("failures", columns.failures())
        .setParameter("since", columns.since());
  }

  private static Claim claim(ConnectionRow row) {
    return new Claim(row.connection(), row.epoch());
  }
}
