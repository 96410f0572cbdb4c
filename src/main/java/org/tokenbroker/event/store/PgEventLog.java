package org.tokenbroker.event.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.tokenbroker.event.EventLog;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Place;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/**
 * The event log in PostgreSQL. Places are given in a transaction of its own under the lock of the
 * one row of {@code event_order}: a reader sees them appear in their order (decision 0070).
 */
@ApplicationScoped
public class PgEventLog implements EventLog {
  /** Before the statement that gives places, so that it sees what the last holder has given. */
  private static final String LOCK = "SELECT last FROM event_order FOR UPDATE SKIP LOCKED";

  private static final String LAST = "SELECT last FROM event_order";

  private static final String PLACE =
      """
      WITH fresh AS (
        SELECT id, row_number() OVER (ORDER BY written) AS turn FROM event
        WHERE sequence IS NULL ORDER BY written LIMIT :limit
      ), placed AS (
        UPDATE event SET sequence = :last + fresh.turn FROM fresh WHERE event.id = fresh.id RETURNING event.*
      ), counted AS (
        UPDATE event_order SET last = last + (SELECT count(*) FROM fresh)
      ), queued AS (
        INSERT INTO delivery (webhook, sequence, subject, next_at, give_up_at)
        SELECT webhook.id, placed.sequence, COALESCE(placed.connection, placed.registration), :now, :giveUpAt
        FROM placed JOIN webhook ON webhook.disabled_at IS NULL AND webhook.gone_at IS NULL AND %s
      )
      SELECT kind FROM placed"""
          .formatted(WebhookRow.wants("placed"));

  private static final String FORGET =
      """
      DELETE FROM event WHERE id IN (
        SELECT id FROM event WHERE happened_at < :before AND sequence IS NOT NULL
          AND NOT EXISTS (SELECT FROM delivery WHERE delivery.sequence = event.sequence)
        ORDER BY happened_at LIMIT :limit)""";

  private final PgSessions sessions;

  PgEventLog(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Listing> list(Filter filter, Place after, int limit) {
    return sessions
        .withSession(
            session ->
                last(session)
                    .chain(
                        last ->
                            after.number() > last
                                ? Uni.createFrom().item(new Listing.NoSuchPlace())
                                : page(session, filter, after, limit)))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Listing.Unavailable());
  }

  @Override
  public Uni<Map<Kind, Integer>> place(int limit, Instant now, Instant giveUpAt) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(LOCK, Long.class)
                    .getSingleResultOrNull()
                    .chain(
                        last ->
                            last == null
                                ? Uni.createFrom().item(List.<String>of())
                                : place(session, last, limit, now, giveUpAt)))
        .map(PgEventLog::counted)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Map.of());
  }

  @Override
  public Uni<Integer> forget(Instant before, int limit) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(FORGET)
                    .setParameter("before", before)
                    .setParameter("limit", limit)
                    .executeUpdate())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(0);
  }

  private static Uni<Long> last(Session session) {
    return session.createNativeQuery(LAST, Long.class).getSingleResult();
  }

  private static Uni<Listing> page(Session session, Filter filter, Place after, int limit) {
    return session
        .createSelectionQuery(
            """
            from EventRow where sequence > :after
              and (:connection = '' or connection = :connection)
              and (:registration = '' or registration = :registration)
              and (:tenant = '' or tenant = :tenant)
              and (:kind = '' or kind = :kind)
            order by sequence""",
            EventRow.class)
        .setParameter("after", after.number())
        .setParameter("connection", filter.connection().map(ConnectionId::value).orElse(""))
        .setParameter("registration", filter.registration().map(RegistrationId::value).orElse(""))
        .setParameter("tenant", filter.tenant().map(TenantId::value).orElse(""))
        .setParameter("kind", filter.kind().map(Kind::label).orElse(""))
        .setMaxResults(limit + 1)
        .getResultList()
        .map(
            rows ->
                new Listing.Page(
                    rows.stream().limit(limit).map(EventRow::event).toList(), rows.size() > limit));
  }

  private static Uni<List<String>> place(
      Session session, long last, int limit, Instant now, Instant giveUpAt) {
    return session
        .createNativeQuery(PLACE, String.class)
        .setParameter("last", last)
        .setParameter("limit", limit)
        .setParameter("now", now)
        .setParameter("giveUpAt", giveUpAt)
        .getResultList();
  }

  private static Map<Kind, Integer> counted(List<String> placed) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    placed.forEach(label -> Kind.of(label).ifPresent(kind -> counts.merge(kind, 1, Integer::sum)));
    return counts;
  }
}
