package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/**
 * What happened, in PostgreSQL. Nobody writes here: triggers do, in the transaction of the change
 * itself, so that no change lacks its event and no event its change.
 */
public interface EventLog {
  /** Narrows a listing; an absent part does not. */
  record Filter(
      Optional<ConnectionId> connection,
      Optional<RegistrationId> registration,
      Optional<TenantId> tenant,
      Optional<Kind> kind) {
    public static final Filter NONE =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Outcome of listing. */
  sealed interface Listing {
    /**
     * @param more whether events follow the last one
     */
    record Page(List<Event> events, boolean more) implements Listing {}

    /** The place to read from was never given: another broker's, or from before a restore. */
    record NoSuchPlace() implements Listing {}

    record Unavailable() implements Listing {}
  }

  /**
   * In order. An event that is not placed yet is not there yet.
   *
   * @param limit at most that many, at least 1
   */
  Uni<Listing> list(Filter filter, Place after, int limit);

  /**
   * Places events whose transactions have ended after all that are placed, and puts each into the
   * outbox of the webhooks that want it, together. Does nothing while another replica does.
   *
   * @param limit events that are placed at once
   * @param giveUpAt until when their delivery is tried
   * @return how many of each kind were placed; empty on failure
   */
  Uni<Map<Kind, Integer>> place(int limit, Instant now, Instant giveUpAt);

  /**
   * Forgets events that happened before that moment and are delivered or given up.
   *
   * @param limit at most that many
   * @return how many; 0 on failure
   */
  Uni<Integer> forget(Instant before, int limit);
}
