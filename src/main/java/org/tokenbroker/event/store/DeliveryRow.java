package org.tokenbroker.event.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.tokenbroker.event.Delivery;
import org.tokenbroker.event.WebhookId;

/** A row of table {@code delivery}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "delivery")
public class DeliveryRow {
  /** The columns that are read here, for a native query. */
  static final String COLUMNS =
      "delivery.id, delivery.webhook, delivery.sequence, delivery.attempts, delivery.give_up_at, delivery.epoch";

  @Id long id;
  String webhook = "";
  long sequence;
  int attempts;

  @Column(name = "give_up_at")
  Instant giveUpAt = Instant.EPOCH;

  long epoch;

  Delivery delivery(EventRow event, WebhookRow receiver) {
    return new Delivery(
        id, epoch, new WebhookId(webhook), receiver.url(), event.event(), attempts, giveUpAt);
  }
}
