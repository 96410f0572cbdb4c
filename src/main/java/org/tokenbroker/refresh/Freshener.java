package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;

/** Renews one connection's access token now, for a reader that cannot wait for the sweep. */
public interface Freshener {
  /**
   * Joins the refresh in flight, in this process or in another replica, or starts one if policy
   * allows. A caller that gives up does not cancel it. Callers bound their own waiting.
   *
   * @param seen the generation the caller holds or that an API refused; a newer one answers at
   *     once, without a refresh
   */
  Uni<Freshened> freshen(ConnectionId id, Generation seen, Reason reason);

  /** Why it is asked. */
  enum Reason {
    /** No token with enough life is at hand. */
    TOO_LITTLE_LIFE,
    /**
     * An API refused the token of that generation (BE-16, G-12): at most one refresh per
     * generation, at most one per 30 s.
     */
    REPORTED
  }

  /** What came of it. */
  sealed interface Freshened {
    /** The safe holds a newer generation. */
    record Newer(Generation generation) implements Freshened {}

    /** Nothing newer, and none to be expected before that time. */
    record NotNow(Duration retryAfter) implements Freshened {}

    /** Only the owner can mend it. */
    record ConsentRequired() implements Freshened {}

    /** Deleted or disabled. */
    record Gone() implements Freshened {}
  }
}
