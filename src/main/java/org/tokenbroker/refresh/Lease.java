package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Term;
import org.tokenbroker.token.ConnectionId;

/**
 * The right to refresh one connection (G-2, X-3): held by at most one replica for 30 s by the
 * ledger's clock, with an epoch that rises each time it is taken. A write names its epoch and
 * changes nothing once another took the lease.
 */
public interface Lease {
  /**
   * A lease that was taken.
   *
   * @param connection as the ledger told it at that moment
   */
  record Claim(Connection connection, long epoch) {}

  /**
   * What a refresh brought.
   *
   * @param facts what the provider told along; facts that are not named stay as they are
   * @param term as it is told now; absent: none is noted, what the ledger knows of it stays
   * @param dueAt when it is to be refreshed next
   */
  record Fresh(Held held, Map<String, String> facts, Optional<Term> term, Instant dueAt) {
    Fresh withTerm(Optional<Term> told) {
      return new Fresh(held, facts, told, dueAt);
    }
  }

  /** Outcome of asking for one connection's lease. */
  sealed interface Taken {
    record Yes(Claim claim) implements Taken {}

    /** Somebody else holds it. */
    record Held() implements Taken {}

    /** Deleted or disabled. */
    record Gone() implements Taken {}

    record Unavailable() implements Taken {}
  }

  /** Outcome of a fenced write. */
  enum Written {
    DONE,
    /** Another took the lease meanwhile: nothing was changed. */
    FENCED,
    UNAVAILABLE
  }

  /**
   * Takes what is due, fair over providers, nearest expiry first. Empty when PostgreSQL does not
   * answer.
   *
   * @param limit at most so many
   * @param room at most so many of each provider (profile id); of one that is not named: {@code
   *     limit}
   */
  Uni<List<Claim>> claimDue(Instant now, int limit, Map<String, Integer> room);

  Uni<Taken> claim(ConnectionId id);

  /** Ends the lease: the connection is fresh. */
  Uni<Written> refreshed(Claim claim, Fresh fresh, Health health, Instant now);

  /**
   * Ends the lease: nothing new.
   *
   * @param dueAt absent: nothing is planned any more
   */
  Uni<Written> notRefreshed(Claim claim, Health health, Optional<Instant> dueAt, Instant now);
}
