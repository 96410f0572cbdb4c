package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is still to be delivered, in PostgreSQL. Of the events of one subject, a webhook has one on
 * its way at a time, in order, over all replicas; those of other subjects overtake it.
 */
public interface Outbox {
  /**
   * Leases what is due for {@link DeliveryPolicy#LEASE}, fair over webhooks. Empty on failure.
   *
   * @param room how many each webhook may still have on its way from this replica; those that are
   *     missing have {@code each}
   */
  Uni<List<Delivery>> claim(Instant now, int each, int limit, Map<WebhookId, Integer> room);

  /** The receiver has it: it is forgotten, and the webhook is healthy. */
  Uni<Written> delivered(Delivery delivery, Instant now);

  /**
   * The receiver wants nothing any more: the webhook is gone, and what waits for it waits on. One
   * that leads elsewhere by now goes on: its new receiver did not say so.
   */
  Uni<Written> gone(Delivery delivery, Instant now);

  /** Tried again from then on, with all that wait behind it; the webhook is failing. */
  Uni<Written> again(Delivery delivery, Failure failure, Instant at, Instant now);

  /** Forgotten and counted; the webhook is failing. */
  Uni<Written> givenUp(Delivery delivery, Failure failure, Instant now);

  /** It was not the receiver's fault: due from then on, nothing else changes. */
  Uni<Written> postponed(Delivery delivery, Instant at);

  /**
   * Gives up what waits in vain for webhooks that are disabled or gone.
   *
   * @param limit at most that many
   * @return how many; 0 on failure
   */
  Uni<Integer> giveUpUnwanted(Instant now, int limit);

  /** Outcome of a write about a leased delivery. */
  enum Written {
    DONE,
    /** Another replica took it over, or its webhook was deleted or changed. */
    FENCED,
    /** PostgreSQL did not answer: the lease ends by itself, and it is delivered again. */
    UNAVAILABLE
  }

  /**
   * All that waits.
   *
   * @param backlog deliveries
   * @param oldest when the first of their events happened; absent where nothing waits
   */
  record Census(long backlog, Optional<Instant> oldest) {}

  /** Empty on failure. */
  Uni<Optional<Census>> census();
}
