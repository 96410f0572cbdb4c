package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Webhooks in PostgreSQL, without their secrets. Every failure of the store is a value. */
public interface Webhooks {
  /**
   * A webhook and how its deliveries go.
   *
   * @param deliveredAt when it accepted one last
   * @param backlog events that wait for it
   * @param oldest when the first of these happened
   * @param givenUp events that it never got, since it was created
   */
  record Kept(
      Webhook webhook,
      WebhookHealth health,
      Optional<Instant> deliveredAt,
      long backlog,
      Optional<Instant> oldest,
      long givenUp,
      Instant createdAt,
      Instant updatedAt) {}

  /** Outcome of a look-up. */
  sealed interface Found {
    record Yes(Kept kept) implements Found {}

    record Unknown() implements Found {}

    record Unavailable() implements Found {}
  }

  /** Outcome of listing. */
  sealed interface Listing {
    /**
     * @param more whether webhooks follow the last one
     */
    record Page(List<Kept> webhooks, boolean more) implements Listing {}

    record Unavailable() implements Listing {}
  }

  /** Outcome of creating or replacing. */
  sealed interface Put {
    /**
     * @param created whether it did not exist before
     */
    record Done(Kept kept, boolean created) implements Put {}

    record Unavailable() implements Put {}
  }

  /** Outcome of deleting. */
  enum Removal {
    DELETED,
    UNKNOWN,
    UNAVAILABLE
  }

  Uni<Found> find(WebhookId id);

  /** Ordered by id. */
  Uni<Listing> list(Optional<WebhookId> after, int limit);

  /**
   * Creates or replaces. What waits for it and is not wanted any more is dropped: it may lead to
   * somebody else now. Of the rest the first 5,000 are tried at once, with the first pause again;
   * one that was gone is no longer.
   */
  Uni<Put> put(Webhook webhook, Instant now);

  /** What waits for it goes with it. */
  Uni<Removal> delete(WebhookId id);
}
