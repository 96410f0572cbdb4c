package org.tokenbroker.event.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny.MutationQuery;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.jboss.logging.Logger;
import org.tokenbroker.event.Delivery;
import org.tokenbroker.event.DeliveryPolicy;
import org.tokenbroker.event.Failure;
import org.tokenbroker.event.Outbox;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;

/** The outbox in PostgreSQL. Leases are counted by the database's clock only. */
@ApplicationScoped
public class PgOutbox implements Outbox {
  private static final Logger LOG = Logger.getLogger(PgOutbox.class);

  private static final String FREE =
      "(delivery.lease_until IS NULL OR delivery.lease_until < clock_timestamp())";

  /**
   * A webhook that fails has one attempt at a time from each replica, so that the dead ones leave
   * room for the others. Of each webhook the first few are read only: a dead one may have a hundred
   * thousand waiting.
   */
  static final String CLAIM =
      """
      WITH ranked AS (
        SELECT first.id, row_number() OVER (PARTITION BY webhook.id ORDER BY first.next_at, first.sequence) AS turn,
               COALESCE(CAST(CAST(CAST(:room AS text) AS jsonb) ->> webhook.id AS integer), :each)
                 - CASE WHEN webhook.failing_since IS NULL THEN 0 ELSE :each - 1 END AS room
        FROM webhook CROSS JOIN LATERAL (
          SELECT delivery.id, delivery.next_at, delivery.sequence FROM delivery
          WHERE delivery.webhook = webhook.id AND delivery.next_at <= :now AND %1$s
            AND NOT EXISTS (SELECT FROM delivery earlier WHERE earlier.webhook = delivery.webhook
                              AND earlier.subject = delivery.subject AND earlier.sequence < delivery.sequence)
          ORDER BY delivery.next_at, delivery.sequence LIMIT :each) first
        WHERE webhook.disabled_at IS NULL AND webhook.gone_at IS NULL
      ), picked AS (
        SELECT delivery.id FROM delivery JOIN ranked ON ranked.id = delivery.id
        WHERE ranked.turn <= ranked.room AND delivery.next_at <= :now AND %1$s
        ORDER BY ranked.turn, delivery.next_at LIMIT :limit
        FOR UPDATE OF delivery SKIP LOCKED
      )
      UPDATE delivery SET epoch = delivery.epoch + 1, lease_until = clock_timestamp() + make_interval(secs => %2$s)
      FROM picked WHERE delivery.id = picked.id
      RETURNING %3$s"""
          .formatted(FREE, DeliveryPolicy.LEASE.toSeconds(), DeliveryRow.COLUMNS);

  private static final String DELIVERED =
      """
      WITH done AS (DELETE FROM delivery WHERE id = :id AND epoch = :epoch RETURNING webhook)
      UPDATE webhook SET failing_since = NULL, failure = NULL, delivered_at = GREATEST(delivered_at, :now)
      FROM done WHERE webhook.id = done.webhook""";

  /** Whoever answered may have been followed by somebody else, who never said that. */
  private static final String GONE =
      """
      WITH done AS (UPDATE delivery SET lease_until = NULL WHERE id = :id AND epoch = :epoch RETURNING webhook)
      UPDATE webhook SET gone_at = COALESCE(gone_at, :now), failing_since = NULL, failure = NULL
      FROM done WHERE webhook.id = done.webhook AND webhook.url = :url""";

  private static final String AGAIN =
      """
      WITH failed AS (
        UPDATE delivery SET attempts = attempts + 1, next_at = :at, lease_until = NULL
        WHERE id = :id AND epoch = :epoch RETURNING webhook, subject, sequence
      ), behind AS (
        UPDATE delivery SET next_at = :at FROM failed
        WHERE delivery.webhook = failed.webhook AND delivery.subject = failed.subject AND delivery.sequence > failed.sequence
      )
      UPDATE webhook SET failing_since = COALESCE(failing_since, :now), failure = :failure
      FROM failed WHERE webhook.id = failed.webhook""";

  private static final String GIVEN_UP =
      """
      WITH done AS (DELETE FROM delivery WHERE id = :id AND epoch = :epoch RETURNING webhook)
      UPDATE webhook SET failing_since = COALESCE(failing_since, :now), failure = :failure, given_up = given_up + 1
      FROM done WHERE webhook.id = done.webhook""";

  private static final String POSTPONED =
      "UPDATE delivery SET next_at = :at, lease_until = NULL WHERE id = :id AND epoch = :epoch";

  private static final String GIVE_UP_UNWANTED =
      """
      WITH over AS (
        DELETE FROM delivery WHERE id IN (
          SELECT delivery.id FROM delivery JOIN webhook ON webhook.id = delivery.webhook
          WHERE (webhook.disabled_at IS NOT NULL OR webhook.gone_at IS NOT NULL) AND give_up_at <= :now
          LIMIT :limit)
        RETURNING webhook
      ), counted AS (
        SELECT webhook, count(*) AS number FROM over GROUP BY webhook
      ), noted AS (
        UPDATE webhook SET given_up = given_up + counted.number FROM counted WHERE webhook.id = counted.webhook
      )
      SELECT count(*) FROM over""";

  private static final String CENSUS =
      "select count(*), min(e.happenedAt) from DeliveryRow d join EventRow e on e.sequence = d.sequence";

  private final PgSessions sessions;

  PgOutbox(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<List<Delivery>> claim(Instant now, int each, int limit, Map<WebhookId, Integer> room) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(CLAIM, DeliveryRow.class)
                    .setParameter("now", now)
                    .setParameter("each", each)
                    .setParameter("limit", limit)
                    .setParameter("room", json(room))
                    .getResultList()
                    .chain(rows -> deliveries(session, rows)))
        .onFailure(PgFailures::isUnavailable)
        .invoke(() -> LOG.warn("PostgreSQL does not answer: no event is delivered"))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  @Override
  public Uni<Written> delivered(Delivery delivery, Instant now) {
    return write(delivery, DELIVERED, query -> query.setParameter("now", now));
  }

  @Override
  public Uni<Written> gone(Delivery delivery, Instant now) {
    return write(
        delivery,
        GONE,
        query -> query.setParameter("now", now).setParameter("url", delivery.url().toString()));
  }

  @Override
  public Uni<Written> again(Delivery delivery, Failure failure, Instant at, Instant now) {
    return write(
        delivery,
        AGAIN,
        query ->
            query
                .setParameter("failure", failure.name())
                .setParameter("at", at)
                .setParameter("now", now));
  }

  @Override
  public Uni<Written> givenUp(Delivery delivery, Failure failure, Instant now) {
    return write(
        delivery,
        GIVEN_UP,
        query -> query.setParameter("failure", failure.name()).setParameter("now", now));
  }

  @Override
  public Uni<Written> postponed(Delivery delivery, Instant at) {
    return write(delivery, POSTPONED, query -> query.setParameter("at", at));
  }

  @Override
  public Uni<Integer> giveUpUnwanted(Instant now, int limit) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(GIVE_UP_UNWANTED, Long.class)
                    .setParameter("now", now)
                    .setParameter("limit", limit)
                    .getSingleResult())
        .map(Long::intValue)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(0);
  }

  @Override
  public Uni<Optional<Census>> census() {
    return sessions
        .withSession(
            session -> session.createSelectionQuery(CENSUS, Object[].class).getSingleResult())
        .map(row -> new Census((Long) row[0], Optional.ofNullable((Instant) row[1])))
        .map(Optional::of)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Optional.empty());
  }

  private Uni<Written> write(
      Delivery delivery, String sql, UnaryOperator<MutationQuery> parameters) {
    return sessions
        .withTransaction(
            session ->
                parameters
                    .apply(
                        session
                            .createNativeQuery(sql)
                            .setParameter("id", delivery.id())
                            .setParameter("epoch", delivery.epoch()))
                    .executeUpdate())
        .map(rows -> rows == 0 ? Written.FENCED : Written.DONE)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Written.UNAVAILABLE);
  }

  private static Uni<List<Delivery>> deliveries(Session session, List<DeliveryRow> rows) {
    return rows.isEmpty()
        ? Uni.createFrom().item(List.of())
        : events(session, rows)
            .chain(
                events ->
                    receivers(session, rows).map(receivers -> joined(rows, events, receivers)));
  }

  private static Uni<Map<Long, EventRow>> events(Session session, List<DeliveryRow> rows) {
    return session
        .createSelectionQuery("from EventRow where sequence in :sequences", EventRow.class)
        .setParameter("sequences", rows.stream().map(row -> row.sequence).toList())
        .getResultList()
        .map(events -> keyed(events, event -> event.sequence));
  }

  private static Uni<Map<String, WebhookRow>> receivers(Session session, List<DeliveryRow> rows) {
    return session
        .createSelectionQuery("from WebhookRow where id in :ids", WebhookRow.class)
        .setParameter("ids", rows.stream().map(row -> row.webhook).distinct().toList())
        .getResultList()
        .map(receivers -> keyed(receivers, receiver -> receiver.id));
  }

  /** A row that a deletion was faster than is left out. */
  private static List<Delivery> joined(
      List<DeliveryRow> rows, Map<Long, EventRow> events, Map<String, WebhookRow> receivers) {
    return rows.stream().flatMap(row -> joined(row, events, receivers)).toList();
  }

  private static Stream<Delivery> joined(
      DeliveryRow row, Map<Long, EventRow> events, Map<String, WebhookRow> receivers) {
    EventRow event = events.get(row.sequence);
    WebhookRow receiver = receivers.get(row.webhook);
    return event == null || receiver == null
        ? Stream.empty()
        : Stream.of(row.delivery(event, receiver));
  }

  private static <K, V> Map<K, V> keyed(List<V> values, Function<V, K> key) {
    return values.stream().collect(Collectors.toMap(key, Function.identity()));
  }

  private static String json(Map<WebhookId, Integer> room) {
    JsonObject json = new JsonObject();
    room.forEach((webhook, free) -> json.put(webhook.value(), free));
    return json.encode();
  }
}
