package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import org.tokenbroker.consent.GrantKeeper.GrantId;

/**
 * Remembers attempts, for all replicas. The returned {@link Uni}s fail only on programming errors.
 */
public interface Attempts {
  Uni<Stored> open(Attempt attempt);

  Uni<AttemptRead> find(Fingerprint state);

  /**
   * Takes an open attempt for one callback by one conditional update: of any number of callers on
   * any number of replicas, at most one is answered {@code TAKEN} (B4).
   *
   * @param now an attempt that expired by then, or whose ticket is not open, is not taken
   */
  Uni<Taking> take(GrantId grant, Instant now);

  /**
   * The taken attempt ended in a kept grant: it and its ticket are done with, in one transaction.
   */
  Uni<Stored> kept(GrantId grant);

  /** The safe holds nothing of the attempt any more. */
  Uni<Stored> secretsGone(GrantId grant);

  /**
   * Attempts whose secrets are still in the safe although they expired before that moment.
   *
   * @param limit at most so many
   */
  Uni<Leftovers> leftovers(Instant expiredBefore, int limit);

  /**
   * Forgets attempts without secrets and tickets without attempts that expired before that moment;
   * at most so many of each.
   */
  Uni<Stored> forget(Instant expiredBefore, int limit);

  /** Outcome of looking an attempt up. */
  sealed interface AttemptRead {
    /**
     * @param state of the attempt
     * @param ticket of its invitation
     */
    record Found(Attempt attempt, AttemptState state, TicketState ticket) implements AttemptRead {}

    /** Never opened, or forgotten since. */
    record Unknown() implements AttemptRead {}

    record Unavailable() implements AttemptRead {}
  }

  /** Outcome of {@link #take}. */
  enum Taking {
    TAKEN,
    /** Another callback took it, it expired, or its ticket was used or withdrawn. */
    LOST,
    /** The store could not be asked, or its answer was lost. */
    UNAVAILABLE
  }

  /** Outcome of {@link #leftovers}. */
  sealed interface Leftovers {
    record Listed(List<GrantId> grants) implements Leftovers {}

    record Unavailable() implements Leftovers {}
  }
}
