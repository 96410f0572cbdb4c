package org.tokenbroker.connection.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Revocations;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/** The outbox of ended connections in PostgreSQL. */
@ApplicationScoped
public class PgRevocations implements Revocations {
  private static final Logger LOG = Logger.getLogger(PgRevocations.class);

  private static final String CLAIM_TO_ERASE =
      """
      UPDATE connection SET epoch = epoch + 1, lease_until = clock_timestamp() + interval '30 seconds'
      WHERE id IN (
        SELECT id FROM connection
        WHERE ((deleted_at IS NOT NULL AND erased_at IS NULL) OR remains_since IS NOT NULL)
          AND (lease_until IS NULL OR lease_until < clock_timestamp()) AND (:id = '' OR id = :id)
        ORDER BY COALESCE(deleted_at, remains_since) LIMIT :limit FOR UPDATE SKIP LOCKED)
      RETURNING\s"""
          + ConnectionRow.COLUMNS;

  private static final String CLAIM_ORDERS =
      """
      UPDATE revocation SET next_at = CAST(:now AS timestamptz) + interval '1 minute'
      WHERE id IN (SELECT id FROM revocation WHERE next_at <= :now ORDER BY next_at LIMIT :limit FOR UPDATE SKIP LOCKED)
      RETURNING *""";

  private static final String ADD_ORDER =
      """
      INSERT INTO revocation (id, registration, next_at, give_up_at) VALUES (:id, :registration, :now, :giveUpAt)
      ON CONFLICT (id) DO NOTHING""";

  private final PgSessions sessions;

  PgRevocations(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<List<ToErase>> claimToErase(int limit) {
    return claimToErase("", limit);
  }

  @Override
  public Uni<List<ToErase>> claimToErase(ConnectionId id) {
    return claimToErase(id.value(), 1);
  }

  @Override
  public Uni<Boolean> order(Order order, Instant now) {
    return noted(
            session ->
                session
                    .createNativeQuery(ADD_ORDER)
                    .setParameter("id", order.id())
                    .setParameter("registration", order.registration().value())
                    .setParameter("now", now)
                    .setParameter("giveUpAt", order.giveUpAt())
                    .executeUpdate())
        .map(Optional::isPresent);
  }

  @Override
  public Uni<Boolean> erased(ToErase ended, Instant now) {
    return changed(
        session ->
            bury(session, ended.id(), now)
                .chain(
                    buried ->
                        buried > 0 ? Uni.createFrom().item(buried) : emptied(session, ended)));
  }

  @Override
  public Uni<List<Order>> claimOrders(int limit, Instant now) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(CLAIM_ORDERS, RevocationRow.class)
                    .setParameter("now", now)
                    .setParameter("limit", limit)
                    .getResultList())
        .map(rows -> rows.stream().map(RevocationRow::order).toList())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  @Override
  public Uni<Boolean> postpone(Order order, Instant nextAt) {
    return changed(
        session ->
            session
                .createNativeQuery(
                    "UPDATE revocation SET attempts = attempts + 1, next_at = :nextAt WHERE id = :id")
                .setParameter("nextAt", nextAt)
                .setParameter("id", order.id())
                .executeUpdate());
  }

  @Override
  public Uni<Boolean> done(Order order) {
    return changed(
        session ->
            session
                .createNativeQuery("DELETE FROM revocation WHERE id = :id")
                .setParameter("id", order.id())
                .executeUpdate());
  }

  private Uni<List<ToErase>> claimToErase(String id, int limit) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(CLAIM_TO_ERASE, ConnectionRow.class)
                    .setParameter("id", id)
                    .setParameter("limit", limit)
                    .getResultList())
        .map(rows -> rows.stream().map(PgRevocations::toErase).toList())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  private static ToErase toErase(ConnectionRow row) {
    return new ToErase(
        new ConnectionId(row.id),
        new RegistrationId(row.registration),
        row.movedTo != null,
        row.epoch());
  }

  private static Uni<Integer> emptied(Session session, ToErase revoked) {
    return session
        .createNativeQuery(
            "UPDATE connection SET remains_since = NULL, lease_until = NULL WHERE id = :id AND epoch = :epoch AND deleted_at IS NULL")
        .setParameter("id", revoked.id().value())
        .setParameter("epoch", revoked.epoch())
        .executeUpdate();
  }

  private static Uni<Integer> bury(Session session, ConnectionId id, Instant now) {
    return session
        .createNativeQuery(
            """
            UPDATE connection SET erased_at = :now, registration = NULL, provider = NULL, tenant = NULL, metadata = '{}',
              facts = '{}', account = NULL, facts_due_at = NULL, promised_to = NULL,
              remains_since = NULL, lease_until = NULL, issued_at = NULL, expires_at = NULL, granted_scopes = NULL,
              agreed_at = NULL, consent_ends_at = NULL, consent_warned_at = NULL
            WHERE id = :id AND deleted_at IS NOT NULL""")
        .setParameter("now", now)
        .setParameter("id", id.value())
        .executeUpdate();
  }

  private Uni<Boolean> changed(Function<Session, Uni<Integer>> change) {
    return noted(change).map(rows -> rows.filter(number -> number > 0).isPresent());
  }

  /** How many rows; empty where PostgreSQL does not answer. */
  private Uni<Optional<Integer>> noted(Function<Session, Uni<Integer>> change) {
    return sessions
        .withTransaction(change::apply)
        .map(Optional::of)
        .onFailure(PgFailures::isUnavailable)
        .invoke(
            () -> LOG.warn("PostgreSQL does not answer: an erasure or revocation is noted later"))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Optional.empty());
  }
}
