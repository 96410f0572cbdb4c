package org.tokenbroker.connection.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.mutiny.Mutiny.SelectionQuery;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.tokenbroker.connection.Candidates;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** The ledger in PostgreSQL, by Hibernate Reactive. */
@ApplicationScoped
public class PgLedger implements Ledger {
  private static final String LIVING = " FROM connection WHERE deleted_at IS NULL ";

  /** What was begun before a revocation does not undo it; what is begun after waits for its end. */
  private static final String NOT_REVOKED_SINCE =
      " AND remains_since IS NULL AND (state <> 'revoked' OR since < :begunAt)";

  private final PgSessions sessions;

  PgLedger(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<LedgerRead> find(ConnectionId id) {
    return read(
        "SELECT " + ConnectionRow.COLUMNS + LIVING + "AND id = :id",
        query -> query.setParameter("id", id.value()));
  }

  @Override
  public Uni<Candidates> search(TenantId tenant, RegistrationId registration) {
    return search(
        "registration = :registration",
        query ->
            query
                .setParameter("tenant", tenant.value())
                .setParameter("registration", registration.value()));
  }

  @Override
  public Uni<Candidates> search(TenantId tenant, String provider) {
    return search(
        "provider = :provider",
        query -> query.setParameter("tenant", tenant.value()).setParameter("provider", provider));
  }

  private Uni<Candidates> search(
      String condition, UnaryOperator<SelectionQuery<ConnectionRow>> parameters) {
    String sql =
        "SELECT "
            + ConnectionRow.COLUMNS
            + LIVING
            + "AND tenant = :tenant AND "
            + condition
            + " ORDER BY id LIMIT "
            + (Candidates.MOST + 1);
    return sessions
        .withSession(session -> rows(session, sql, parameters))
        .map(PgLedger::candidates)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Candidates.Unavailable());
  }

  private static Candidates candidates(List<ConnectionRow> rows) {
    return new Candidates.Found(
        rows.size() > Candidates.MOST
            ? List.of()
            : rows.stream().map(ConnectionRow::connection).toList());
  }

  @Override
  public Uni<Listing> list(Filter filter, Optional<ConnectionId> after, int limit) {
    return sessions
        .withSession(
            session ->
                session
                    .createNativeQuery(
                        "SELECT "
                            + ConnectionRow.COLUMNS
                            + LIVING
                            + """
                        AND (:tenant = '' OR tenant = :tenant)
                        AND (:registration = '' OR registration = :registration)
                        AND (:provider = '' OR provider = :provider)
                        AND (:state = '' OR CASE WHEN disabled_at IS NULL THEN state ELSE 'disabled' END = :state)
                        AND (:endsBefore = '' OR consent_ends_at < CAST(NULLIF(:endsBefore, '') AS timestamptz))
                        AND id > :after
                        ORDER BY id LIMIT :limit""",
                        ConnectionRow.class)
                    .setParameter("tenant", filter.tenant().map(TenantId::value).orElse(""))
                    .setParameter(
                        "registration", filter.registration().map(RegistrationId::value).orElse(""))
                    .setParameter("provider", filter.provider().orElse(""))
                    .setParameter("state", filter.state().orElse(""))
                    .setParameter(
                        "endsBefore", filter.consentEndsBefore().map(Instant::toString).orElse(""))
                    .setParameter("after", after.map(ConnectionId::value).orElse(""))
                    .setParameter("limit", limit + 1)
                    .getResultList())
        .<Listing>map(
            rows ->
                new Listing.Page(
                    rows.stream().limit(limit).map(ConnectionRow::connection).toList(),
                    rows.size() > limit))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Listing.Unavailable());
  }

  /** A tombstone is taken over only after the safe was erased: until then its id is in use. */
  @Override
  public Uni<Creation> create(Connection connection) {
    HealthColumns health = HealthColumns.of(connection.health());
    return change(
            """
            INSERT INTO connection (id, tenant, registration, provider, grant_type, requested_scopes, metadata,
                                    state, cause, failures, since, due_at, created_at, updated_at)
            VALUES (:id, NULLIF(:tenant, ''), :registration, :provider, :grantType, :scopes, :metadata,
                    :state, NULLIF(:cause, ''), 0, :since, CAST(NULLIF(:dueAt, '') AS timestamptz), :now, :now)
            ON CONFLICT (id) DO UPDATE SET
              tenant = EXCLUDED.tenant, registration = EXCLUDED.registration, provider = EXCLUDED.provider,
              grant_type = EXCLUDED.grant_type, requested_scopes = EXCLUDED.requested_scopes, metadata = EXCLUDED.metadata,
              facts = '{}', account = NULL, facts_due_at = NULL, facts_failures = 0, promised_to = NULL, moved_to = NULL,
              state = EXCLUDED.state, cause = EXCLUDED.cause, failures = 0, since = EXCLUDED.since, disabled_at = NULL, remains_since = NULL,
              issued_at = NULL, expires_at = NULL, granted_scopes = NULL, agreed_at = NULL, consent_ends_at = NULL, consent_warned_at = NULL,
              due_at = EXCLUDED.due_at,
              epoch = connection.epoch + 1, lease_until = NULL,
              created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at, deleted_at = NULL, erased_at = NULL
              WHERE connection.erased_at IS NOT NULL
            RETURNING\s"""
                + ConnectionRow.COLUMNS,
            query ->
                query
                    .setParameter("id", connection.id().value())
                    .setParameter("tenant", connection.tenant().map(TenantId::value).orElse(""))
                    .setParameter("registration", connection.registration().value())
                    .setParameter("provider", connection.provider())
                    .setParameter("grantType", connection.grant().parameter())
                    .setParameter("scopes", connection.requested().toString())
                    .setParameter("metadata", FactsJson.write(connection.metadata()))
                    .setParameter("state", health.state())
                    .setParameter("cause", health.cause().orElse(""))
                    .setParameter("since", health.since())
                    .setParameter("dueAt", connection.dueAt().map(Instant::toString).orElse(""))
                    .setParameter("now", connection.createdAt()))
        .<Creation>chain(
            row ->
                row.<Uni<Creation>>map(made -> Uni.createFrom().item(new Creation.Created(made)))
                    .orElseGet(() -> existing(connection.id())))
        .onFailure(PgFailures::isForeignKeyViolation)
        .recoverWithItem(new Creation.NoSuchRegistration())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Creation.Unavailable());
  }

  @Override
  public Uni<LedgerWrite> expectGrant(ConnectionId id, Instant begunAt, Instant lookAt) {
    return write(
        id,
        "due_at = LEAST(COALESCE(due_at, :lookAt), :lookAt)",
        "disabled_at IS NULL AND grant_type = 'authorization_code'" + NOT_REVOKED_SINCE,
        query -> query.setParameter("lookAt", lookAt).setParameter("begunAt", begunAt));
  }

  @Override
  public Uni<LedgerWrite> agreed(ConnectionId id, Agreed agreed, Instant now) {
    return write(
        id,
        """
        state = CASE WHEN state IN ('active', 'ailing') THEN 'active'
                     WHEN CAST(:looksUp AS boolean) THEN 'pending_consent'
                     WHEN COALESCE(tenant, promised_to) IS NULL THEN 'unclaimed' ELSE 'active' END,
        tenant = CASE WHEN CAST(:looksUp AS boolean) THEN tenant ELSE COALESCE(tenant, promised_to) END,
        promised_to = CASE WHEN CAST(:looksUp AS boolean) THEN promised_to END,
        cause = CASE WHEN CAST(:looksUp AS boolean) AND state NOT IN ('active', 'ailing') THEN 'NOT_ASKED' END,
        facts = CASE WHEN CAST(:looksUp AS boolean) THEN CAST(CAST(facts AS jsonb) || CAST(CAST(:facts AS text) AS jsonb) AS text)
                     ELSE CAST(:facts AS text) END,
        facts_due_at = CASE WHEN CAST(:looksUp AS boolean) THEN CAST(:now AS timestamptz) END, facts_failures = 0,
        failures = 0, since = :now, epoch = epoch + 1, lease_until = NULL,
        generation = :generation, issued_at = :issuedAt, expires_at = :expiresAt, granted_scopes = :granted,
        due_at = :dueAt, updated_at = :now,\s"""
            + TermColumns.ASSIGNMENTS,
        "grant_type = 'authorization_code' AND generation < :generation" + NOT_REVOKED_SINCE,
        query ->
            TermColumns.set(HeldColumns.set(query, agreed.held()), Optional.of(agreed.term()))
                .setParameter("begunAt", agreed.begunAt())
                .setParameter("looksUp", agreed.looksUp())
                .setParameter("facts", FactsJson.write(agreed.facts()))
                .setParameter("dueAt", agreed.dueAt())
                .setParameter("now", now));
  }

  /** A claim and a refresh do not wait for each other: the lease's writes see the tenant. */
  @Override
  public Uni<LedgerWrite> claim(ConnectionId id, TenantId tenant, boolean ahead, Instant now) {
    return write(
        id,
        """
        tenant = CASE WHEN state = 'unclaimed' THEN CAST(:tenant AS text) END,
        promised_to = CASE WHEN state = 'pending_consent' THEN CAST(:tenant AS text) END,
        since = CASE WHEN state = 'unclaimed' THEN CAST(:now AS timestamptz) ELSE since END,
        state = CASE WHEN state = 'unclaimed' THEN 'active' ELSE state END, updated_at = :now""",
        """
        tenant IS NULL AND disabled_at IS NULL
        AND (state = 'unclaimed'
             OR (CAST(:ahead AS boolean) AND state = 'pending_consent' AND COALESCE(promised_to, :tenant) = :tenant))""",
        query ->
            query
                .setParameter("tenant", tenant.value())
                .setParameter("ahead", ahead)
                .setParameter("now", now));
  }

  @Override
  public Uni<LedgerWrite> keyed(
      ConnectionId id, Generation generation, Scopes scopes, Instant begunAt, Instant now) {
    return write(
        id,
        """
        since = CASE WHEN state = 'active' THEN since ELSE :now END, state = 'active', cause = NULL, failures = 0,
        generation = :generation, requested_scopes = :scopes, updated_at = :now""",
        "grant_type = 'api_key' AND generation <= :generation" + NOT_REVOKED_SINCE,
        query ->
            query
                .setParameter("begunAt", begunAt)
                .setParameter("generation", generation.value())
                .setParameter("scopes", scopes.toString())
                .setParameter("now", now));
  }

  @Override
  public Uni<LedgerWrite> keyRefused(ConnectionId id, Generation generation, Instant now) {
    return write(
        id,
        "state = 'ailing', cause = 'KEY_REFUSED', failures = 1, since = :now, updated_at = :now",
        "grant_type = 'api_key' AND state = 'active' AND generation = :generation",
        query -> query.setParameter("generation", generation.value()).setParameter("now", now));
  }

  @Override
  public Uni<LedgerWrite> disable(ConnectionId id, Instant now) {
    return write(
        id,
        "disabled_at = COALESCE(disabled_at, :now), updated_at = :now",
        "state <> 'revoked'",
        query -> query.setParameter("now", now));
  }

  @Override
  public Uni<LedgerWrite> enable(ConnectionId id, Instant now) {
    return write(
        id,
        """
        due_at = CASE WHEN disabled_at IS NOT NULL AND state IN ('active', 'ailing') AND grant_type <> 'api_key' THEN :now ELSE due_at END,
        disabled_at = NULL, updated_at = :now""",
        "true",
        query -> query.setParameter("now", now));
  }

  /** Whoever holds the lease keeps it, so that what a refresh brings is erased and revoked too. */
  @Override
  public Uni<LedgerWrite> revoke(ConnectionId id, Instant now) {
    return write(
        id,
        """
        state = 'revoked', cause = NULL, failures = 0, since = :now, disabled_at = NULL, remains_since = :now,
        due_at = NULL, facts_due_at = NULL, facts_failures = 0, epoch = epoch + 1,
        issued_at = NULL, expires_at = NULL, granted_scopes = NULL, consent_ends_at = NULL, consent_warned_at = NULL,
        updated_at = :now""",
        """
        tenant IS NOT NULL AND grant_type <> 'client_credentials' AND state <> 'revoked'
        AND NOT (state = 'pending_consent' AND cause IS NULL)""",
        query -> query.setParameter("now", now));
  }

  @Override
  public Uni<LedgerWrite> delete(ConnectionId id, Instant now) {
    return write(
        id,
        "deleted_at = :now, due_at = NULL, updated_at = :now",
        "true",
        query -> query.setParameter("now", now));
  }

  private Uni<Creation> existing(ConnectionId id) {
    return find(id)
        .map(
            read ->
                switch (read) {
                  case LedgerRead.Found found -> new Creation.Exists(found.connection());
                  case LedgerRead.Unknown unknown -> new Creation.Unavailable();
                  case LedgerRead.Unavailable unavailable -> new Creation.Unavailable();
                });
  }

  private Uni<LedgerRead> read(
      String sql, UnaryOperator<SelectionQuery<ConnectionRow>> parameters) {
    return sessions
        .withSession(session -> rows(session, sql, parameters))
        .map(PgLedger::only)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new LedgerRead.Unavailable());
  }

  private static LedgerRead only(List<ConnectionRow> rows) {
    return rows.size() == 1
        ? new LedgerRead.Found(rows.getFirst().connection())
        : new LedgerRead.Unknown();
  }

  private Uni<LedgerWrite> write(
      ConnectionId id,
      String assignments,
      String condition,
      UnaryOperator<SelectionQuery<ConnectionRow>> parameters) {
    return change(
            "UPDATE connection SET "
                + assignments
                + " WHERE id = :id AND deleted_at IS NULL AND "
                + condition
                + " RETURNING "
                + ConnectionRow.COLUMNS,
            query -> parameters.apply(query.setParameter("id", id.value())))
        .chain(
            changed ->
                changed
                    .<Uni<LedgerWrite>>map(
                        done -> Uni.createFrom().item(new LedgerWrite.Done(done)))
                    .orElseGet(() -> refused(id)))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new LedgerWrite.Unavailable());
  }

  private Uni<LedgerWrite> refused(ConnectionId id) {
    return find(id)
        .map(
            read ->
                switch (read) {
                  case LedgerRead.Found found -> new LedgerWrite.NotNow(found.connection());
                  case LedgerRead.Unknown unknown -> new LedgerWrite.Unknown();
                  case LedgerRead.Unavailable unavailable -> new LedgerWrite.Unavailable();
                });
  }

  private Uni<Optional<Connection>> change(
      String sql, UnaryOperator<SelectionQuery<ConnectionRow>> parameters) {
    return sessions
        .withTransaction(session -> rows(session, sql, parameters))
        .map(rows -> rows.stream().findFirst().map(ConnectionRow::connection));
  }

  private static Uni<List<ConnectionRow>> rows(
      Session session, String sql, UnaryOperator<SelectionQuery<ConnectionRow>> parameters) {
    return parameters.apply(session.createNativeQuery(sql, ConnectionRow.class)).getResultList();
  }
}
