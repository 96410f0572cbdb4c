package org.tokenbroker.event.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.Failure;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Webhook;
import org.tokenbroker.event.WebhookHealth;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.event.Webhooks.Kept;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** A row of table {@code webhook}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "webhook")
public class WebhookRow {
  @Id String id = "";
  String url = "";
  String[] kinds = {};
  String[] tenants = {};
  String[] registrations = {};

  @Column(name = "disabled_at")
  @Nullable Instant disabledAt;

  @Column(name = "gone_at")
  @Nullable Instant goneAt;

  @Column(name = "failing_since")
  @Nullable Instant failingSince;

  @Nullable String failure;

  @Column(name = "delivered_at")
  @Nullable Instant deliveredAt;

  @Column(name = "given_up")
  long givenUp;

  @Column(name = "created_at")
  Instant createdAt = Instant.EPOCH;

  @Column(name = "updated_at")
  Instant updatedAt = Instant.EPOCH;

  /**
   * Condition on table {@code webhook}: it is to be told of this event.
   *
   * @param event name of what has the columns of table {@code event}
   */
  static String wants(String event) {
    return """
        (webhook.kinds = '{}' OR %1$s.kind = ANY (webhook.kinds))
        AND (webhook.tenants = '{}' OR %1$s.tenant = ANY (webhook.tenants))
        AND (webhook.registrations = '{}' OR %1$s.registration = ANY (webhook.registrations))"""
        .formatted(event);
  }

  Kept kept(Waiting waiting) {
    return new Kept(
        webhook(),
        health(),
        Optional.ofNullable(deliveredAt),
        waiting.number(),
        waiting.oldest(),
        givenUp,
        createdAt,
        updatedAt);
  }

  URI url() {
    return URI.create(url);
  }

  private Webhook webhook() {
    return new Webhook(
        new WebhookId(id),
        url(),
        Arrays.stream(kinds).flatMap(kind -> Kind.of(kind).stream()).toList(),
        Arrays.stream(tenants).map(TenantId::new).toList(),
        Arrays.stream(registrations).map(RegistrationId::new).toList(),
        disabledAt != null);
  }

  private WebhookHealth health() {
    if (disabledAt != null) {
      return new WebhookHealth.Disabled(disabledAt);
    }
    if (goneAt != null) {
      return new WebhookHealth.Gone(goneAt);
    }
    return failingSince == null || failure == null
        ? new WebhookHealth.Healthy()
        : new WebhookHealth.Failing(Failure.valueOf(failure), failingSince);
  }

  /**
   * What waits for one webhook.
   *
   * @param oldest when the first of it happened
   */
  record Waiting(long number, Optional<Instant> oldest) {
    static final Waiting NOTHING = new Waiting(0, Optional.empty());

    /** A row of {@link PgWebhooks#WAITING}. */
    static Waiting of(Object[] row) {
      return new Waiting((Long) row[1], Optional.ofNullable((Instant) row[2]));
    }
  }

  static String[] texts(List<?> ids) {
    return ids.stream().map(Object::toString).toArray(String[]::new);
  }
}
