package org.tokenbroker.connection.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny.SelectionQuery;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Lookups;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/** Looks at providers as columns of table {@code connection}; the lease is that of a refresh. */
@ApplicationScoped
public class PgLookups implements Lookups {
  private static final Logger LOG = Logger.getLogger(PgLookups.class);

  private static final String CLAIM =
      """
      UPDATE connection SET epoch = epoch + 1, lease_until = clock_timestamp() + interval '30 seconds'
      WHERE id IN (
        SELECT id FROM connection
        WHERE facts_due_at <= :now AND deleted_at IS NULL AND disabled_at IS NULL AND issued_at IS NOT NULL
          AND state IN ('pending_consent', 'unclaimed', 'active', 'ailing')
          AND (lease_until IS NULL OR lease_until < clock_timestamp())
          AND (:id = '' OR id = :id)
        ORDER BY facts_due_at LIMIT :limit FOR UPDATE SKIP LOCKED)
      RETURNING\s"""
          + ConnectionRow.COLUMNS;

  private static final String FOUND =
      """
      facts = :facts, account = COALESCE(NULLIF(:account, ''), account), facts_due_at = NULL, facts_failures = 0,
      tenant = COALESCE(tenant, promised_to), promised_to = NULL, lease_until = NULL, updated_at = :now,
      cause = CASE WHEN state = 'pending_consent' THEN NULL ELSE cause END,
      since = CASE WHEN state = 'pending_consent' THEN CAST(:now AS timestamptz) ELSE since END,
      state = CASE WHEN state <> 'pending_consent' THEN state
                   WHEN COALESCE(tenant, promised_to) IS NULL THEN 'unclaimed' ELSE 'active' END""";

  private static final String FAILED =
      """
      cause = CASE WHEN state = 'pending_consent' THEN CAST(:hurdle AS text) ELSE cause END,
      facts_failures = facts_failures + 1, facts_due_at = :nextAt, lease_until = NULL, updated_at = :now""";

  private static final String TAKEN =
      """
      cause = CAST(:hurdle AS text), failures = 0, state = 'pending_consent',
      since = CASE WHEN state = 'pending_consent' THEN since ELSE CAST(:now AS timestamptz) END,
      facts_failures = facts_failures + 1, facts_due_at = :nextAt, lease_until = NULL, updated_at = :now""";

  private static final String STAYS =
      """
      moved_to = NULL, due_at = COALESCE(due_at, CAST(:now AS timestamptz)),
      cause = CASE WHEN state = 'pending_consent' THEN CAST(:hurdle AS text) ELSE cause END,
      facts_failures = facts_failures + 1, facts_due_at = :nextAt, lease_until = NULL, updated_at = :now""";

  private static final String MOVED =
      """
      deleted_at = :now, due_at = NULL, facts_due_at = NULL, account = NULL, promised_to = NULL, lease_until = NULL,
      updated_at = :now""";

  private static final String PROMISED_AS_KNOWN =
      " AND promised_to IS NOT DISTINCT FROM NULLIF(CAST(:promised AS text), '')";

  private static final String HOLDER =
      "SELECT "
          + ConnectionRow.COLUMNS
          + """
       FROM connection
      JOIN connection own ON own.registration = connection.registration
      WHERE own.id = :id AND connection.account = :account AND connection.deleted_at IS NULL""";

  private final PgSessions sessions;

  PgLookups(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<List<Errand>> claimDue(Instant now, int limit) {
    return claim("", now, limit);
  }

  @Override
  public Uni<Optional<Errand>> claim(ConnectionId id, Instant now) {
    return claim(id.value(), now, 1).map(claimed -> claimed.stream().findFirst());
  }

  @Override
  public Uni<Noted> found(
      Errand errand, Map<String, String> facts, Optional<String> account, Instant now) {
    return noted(
            errand,
            FOUND,
            query ->
                query
                    .setParameter("facts", FactsJson.write(facts))
                    .setParameter("account", account.orElse(""))
                    .setParameter("now", now))
        .onFailure(PgFailures::isUniqueViolation)
        .recoverWithUni(() -> holder(errand, account.orElse("")));
  }

  @Override
  public Uni<Noted> failed(Errand errand, Hurdle hurdle, Instant nextAt, Instant now) {
    return missed(errand, FAILED, hurdle, nextAt, now);
  }

  @Override
  public Uni<Noted> taken(Errand errand, Instant nextAt, Instant now) {
    return missed(errand, TAKEN, Hurdle.ACCOUNT_ELSEWHERE, nextAt, now);
  }

  @Override
  public Uni<Noted> stays(Errand errand, Hurdle hurdle, Instant nextAt, Instant now) {
    return missed(errand, STAYS, hurdle, nextAt, now);
  }

  @Override
  public Uni<Noted> moves(Errand errand, ConnectionId to) {
    return noted(
        errand, "moved_to = :to, due_at = NULL", query -> query.setParameter("to", to.value()));
  }

  @Override
  public Uni<Noted> moved(Errand errand, Instant now) {
    return noted(
        errand,
        MOVED,
        PROMISED_AS_KNOWN,
        query ->
            query
                .setParameter("now", now)
                .setParameter("promised", errand.promisedTo().map(TenantId::value).orElse("")));
  }

  @Override
  public Uni<Optional<ConnectionId>> movedTo(ConnectionId id) {
    return rows(
            "SELECT " + ConnectionRow.COLUMNS + " FROM connection WHERE id = :id",
            query -> query.setParameter("id", id.value()))
        .map(rows -> rows.stream().findFirst().flatMap(row -> Optional.ofNullable(row.movedTo)))
        .map(to -> to.map(ConnectionId::new))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Optional.empty());
  }

  private Uni<List<Errand>> claim(String id, Instant now, int limit) {
    return rows(
            CLAIM,
            query ->
                query.setParameter("id", id).setParameter("now", now).setParameter("limit", limit))
        .map(rows -> rows.stream().map(PgLookups::errand).toList())
        .onFailure(PgFailures::isUnavailable)
        .invoke(() -> LOG.warn("PostgreSQL does not answer: no facts are looked up"))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  private static Errand errand(ConnectionRow row) {
    return new Errand(
        row.connection(),
        row.epoch(),
        row.factsFailures,
        Optional.ofNullable(row.promisedTo).map(TenantId::new),
        Optional.ofNullable(row.movedTo).map(ConnectionId::new));
  }

  private Uni<Noted> missed(
      Errand errand, String assignments, Hurdle hurdle, Instant nextAt, Instant now) {
    return noted(
        errand,
        assignments,
        query ->
            query
                .setParameter("hurdle", hurdle.name())
                .setParameter("nextAt", nextAt)
                .setParameter("now", now));
  }

  private Uni<Noted> noted(
      Errand errand,
      String assignments,
      Function<SelectionQuery<ConnectionRow>, SelectionQuery<ConnectionRow>> parameters) {
    return noted(errand, assignments, "", parameters);
  }

  private Uni<Noted> noted(
      Errand errand,
      String assignments,
      String condition,
      Function<SelectionQuery<ConnectionRow>, SelectionQuery<ConnectionRow>> parameters) {
    String sql =
        "UPDATE connection SET "
            + assignments
            + " WHERE id = :id AND epoch = :epoch AND deleted_at IS NULL"
            + condition
            + " RETURNING "
            + ConnectionRow.COLUMNS;
    return rows(
            sql,
            query ->
                parameters.apply(
                    query
                        .setParameter("id", errand.connection().id().value())
                        .setParameter("epoch", errand.epoch())))
        .<Noted>map(
            rows ->
                rows.isEmpty() ? new Noted.Fenced() : new Noted.Done(rows.getFirst().connection()))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Noted.Unavailable());
  }

  private Uni<Noted> holder(Errand errand, String account) {
    return rows(
            HOLDER,
            query ->
                query
                    .setParameter("id", errand.connection().id().value())
                    .setParameter("account", account))
        .<Noted>map(
            rows ->
                rows.isEmpty()
                    ? new Noted.Fenced()
                    : new Noted.Elsewhere(new ConnectionId(rows.getFirst().id)))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Noted.Unavailable());
  }

  private Uni<List<ConnectionRow>> rows(
      String sql,
      Function<SelectionQuery<ConnectionRow>, SelectionQuery<ConnectionRow>> parameters) {
    return sessions.withTransaction(
        session ->
            parameters.apply(session.createNativeQuery(sql, ConnectionRow.class)).getResultList());
  }
}
