package org.tokenbroker.event.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Webhook;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.event.Webhooks;
import org.tokenbroker.event.store.WebhookRow.Waiting;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;

/** Webhooks in PostgreSQL. */
@ApplicationScoped
public class PgWebhooks implements Webhooks {
  static final String WAITING =
      """
      select d.webhook, count(*), min(e.happenedAt) from DeliveryRow d join EventRow e on e.sequence = d.sequence
      where d.webhook in :ids group by d.webhook""";

  private static final String PUT =
      """
      INSERT INTO webhook (id, url, kinds, tenants, registrations, disabled_at, created_at, updated_at)
      VALUES (:id, :url, :kinds, :tenants, :registrations, CASE WHEN :disabled THEN CAST(:now AS timestamptz) END, :now, :now)
      ON CONFLICT (id) DO UPDATE SET
        url = EXCLUDED.url, kinds = EXCLUDED.kinds, tenants = EXCLUDED.tenants, registrations = EXCLUDED.registrations,
        disabled_at = CASE WHEN EXCLUDED.disabled_at IS NOT NULL THEN COALESCE(webhook.disabled_at, EXCLUDED.disabled_at) END,
        gone_at = NULL, failing_since = NULL, failure = NULL, updated_at = EXCLUDED.updated_at
      RETURNING xmax = 0""";

  /** What is being placed now is queued by what the webhook was: it waits until that is over. */
  private static final String NO_PLACING = "SELECT last FROM event_order FOR UPDATE";

  /** It may lead to somebody else now, who must not see what the one before was told. */
  private static final String DROP_UNWANTED =
      """
      DELETE FROM delivery USING webhook, event
      WHERE webhook.id = :id AND delivery.webhook = webhook.id AND event.sequence = delivery.sequence
        AND (%s) IS NOT TRUE"""
          .formatted(WebhookRow.wants("event"));

  /**
   * A part of what waits, so that a webhook with a huge backlog can be put at all; the rest comes
   * when it is due, which is within the longest pause.
   */
  private static final String BEGIN_ANEW =
      """
      UPDATE delivery SET attempts = 0, next_at = :now WHERE id IN (
        SELECT id FROM delivery
        WHERE webhook = :id AND (attempts > 0 OR next_at > :now) AND (lease_until IS NULL OR lease_until < clock_timestamp())
        ORDER BY next_at, sequence LIMIT 5000)""";

  private final PgSessions sessions;

  PgWebhooks(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Found> find(WebhookId id) {
    return sessions
        .withSession(session -> kept(session, id))
        .map(kept -> kept.<Found>map(Found.Yes::new).orElseGet(Found.Unknown::new))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Found.Unavailable());
  }

  @Override
  public Uni<Listing> list(Optional<WebhookId> after, int limit) {
    return sessions
        .withSession(
            session ->
                session
                    .createSelectionQuery(
                        "from WebhookRow where id > :after order by id", WebhookRow.class)
                    .setParameter("after", after.map(WebhookId::value).orElse(""))
                    .setMaxResults(limit + 1)
                    .getResultList()
                    .chain(rows -> kept(session, rows)))
        .<Listing>map(
            kept -> new Listing.Page(kept.stream().limit(limit).toList(), kept.size() > limit))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Listing.Unavailable());
  }

  @Override
  public Uni<Put> put(Webhook webhook, Instant now) {
    return sessions
        .withTransaction(
            session ->
                withoutPlacing(session)
                    .chain(() -> write(session, webhook, now))
                    .call(() -> dropUnwanted(session, webhook.id()))
                    .call(() -> beginAnew(session, webhook.id(), now))
                    .chain(created -> written(session, webhook.id(), created)))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Put.Unavailable());
  }

  @Override
  public Uni<Removal> delete(WebhookId id) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery("DELETE FROM webhook WHERE id = :id")
                    .setParameter("id", id.value())
                    .executeUpdate())
        .map(rows -> rows == 0 ? Removal.UNKNOWN : Removal.DELETED)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Removal.UNAVAILABLE);
  }

  private static Uni<Boolean> write(Session session, Webhook webhook, Instant now) {
    return session
        .createNativeQuery(PUT, Boolean.class)
        .setParameter("id", webhook.id().value())
        .setParameter("url", webhook.url().toString())
        .setParameter("kinds", webhook.kinds().stream().map(Kind::label).toArray(String[]::new))
        .setParameter("tenants", WebhookRow.texts(webhook.tenants()))
        .setParameter("registrations", WebhookRow.texts(webhook.registrations()))
        .setParameter("disabled", webhook.disabled())
        .setParameter("now", now)
        .getSingleResult();
  }

  private static Uni<Long> withoutPlacing(Session session) {
    return session.createNativeQuery(NO_PLACING, Long.class).getSingleResult();
  }

  private static Uni<Integer> dropUnwanted(Session session, WebhookId id) {
    return session.createNativeQuery(DROP_UNWANTED).setParameter("id", id.value()).executeUpdate();
  }

  private static Uni<Integer> beginAnew(Session session, WebhookId id, Instant now) {
    return session
        .createNativeQuery(BEGIN_ANEW)
        .setParameter("id", id.value())
        .setParameter("now", now)
        .executeUpdate();
  }

  private static Uni<Put> written(Session session, WebhookId id, boolean created) {
    return kept(session, id).map(kept -> new Put.Done(kept.orElseThrow(), created));
  }

  private static Uni<Optional<Kept>> kept(Session session, WebhookId id) {
    return session
        .createSelectionQuery("from WebhookRow where id = :id", WebhookRow.class)
        .setParameter("id", id.value())
        .getResultList()
        .chain(rows -> kept(session, rows))
        .map(kept -> kept.stream().findFirst());
  }

  private static Uni<List<Kept>> kept(Session session, List<WebhookRow> rows) {
    return session
        .createSelectionQuery(WAITING, Object[].class)
        .setParameter("ids", rows.stream().map(row -> row.id).toList())
        .getResultList()
        .map(PgWebhooks::byWebhook)
        .map(
            waiting ->
                rows.stream()
                    .map(row -> row.kept(waiting.getOrDefault(row.id, Waiting.NOTHING)))
                    .toList());
  }

  private static Map<String, Waiting> byWebhook(List<Object[]> rows) {
    return rows.stream().collect(Collectors.toMap(row -> (String) row[0], Waiting::of));
  }
}
