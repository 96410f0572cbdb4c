package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/**
 * Which connections wait for facts of their provider (BE-9): the plan, in PostgreSQL. Whoever looks
 * holds the connection's lease, the same that a refresh needs: one replica at a time works on it,
 * its writes name the lease's epoch, and a crash is over after 30 s.
 */
public interface Lookups {
  /**
   * A look that was begun.
   *
   * @param epoch of the lease
   * @param failures looks that brought nothing, in a row
   * @param promisedTo the tenant that claimed it already
   * @param movesTo the connection that its grant is being moved to
   */
  record Errand(
      Connection connection,
      long epoch,
      int failures,
      Optional<TenantId> promisedTo,
      Optional<ConnectionId> movesTo) {}

  /** Outcome of a write. */
  sealed interface Noted {
    /**
     * @param connection as it is now
     */
    record Done(Connection connection) implements Noted {}

    /** Another connection of the registration has the account: nothing was changed. */
    record Elsewhere(ConnectionId other) implements Noted {}

    /** Another took the lease meanwhile, or an owner agreed anew: nothing was changed. */
    record Fenced() implements Noted {}

    record Unavailable() implements Noted {}
  }

  /** Those whose time has come, earliest first. Empty on failure. */
  Uni<List<Errand>> claimDue(Instant now, int limit);

  /** One that is due; empty where it is not, where another looks, and on failure. */
  Uni<Optional<Errand>> claim(ConnectionId id, Instant now);

  /**
   * Ends the look: the connection becomes active or, where it is nobody's, unclaimed; one that was
   * promised becomes its tenant's.
   *
   * @param facts in place of all that was told before
   * @param account what names the provider's account; absent where the profile names no place
   */
  Uni<Noted> found(Errand errand, Map<String, String> facts, Optional<String> account, Instant now);

  /**
   * Ends the look without success; what is in service stays so.
   *
   * @param nextAt when to look again
   */
  Uni<Noted> failed(Errand errand, Hurdle hurdle, Instant nextAt, Instant now);

  /**
   * {@link #failed} because another connection has the account: also what was in service is
   * withdrawn, since it would be one account under two tenants.
   */
  Uni<Noted> taken(Errand errand, Instant nextAt, Instant now);

  /** The grant is about to be moved: from now on it is refreshed there, and here no more. */
  Uni<Noted> moves(Errand errand, ConnectionId to);

  /** It will not be moved after all: it is kept fresh here, and looked at again. */
  Uni<Noted> stays(Errand errand, Hurdle hurdle, Instant nextAt, Instant now);

  /**
   * The grant was moved: the connection is no more. Nothing is changed where a tenant claimed it
   * since the look began: the next one gives that tenant what it was promised.
   */
  Uni<Noted> moved(Errand errand, Instant now);

  /** Where the grant of a connection that is no more was moved to. */
  Uni<Optional<ConnectionId>> movedTo(ConnectionId id);
}
