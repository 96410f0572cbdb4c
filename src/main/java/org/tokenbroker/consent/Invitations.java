package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.tokenbroker.token.ConnectionId;

/**
 * Hands out consent links (MO-15, G-14): for the first consent and for each re-consent in place.
 */
public interface Invitations {
  /**
   * @param life how long the link works; positive, at most 30 days
   */
  Uni<Outcome> invite(ConsentSubject subject, Duration life);

  /** Links of a connection that was deleted or disabled stop working. */
  Uni<Void> withdraw(ConnectionId connection);

  /** Outcome of an invitation. */
  sealed interface Outcome {
    record Invited(Invitation invitation) implements Outcome {}

    /**
     * The registration's provider knows no authorization code grant, or the registration has no
     * usable redirect URI.
     */
    record NotPossible(String field, String fix) implements Outcome {}

    /** A store could not be reached; nothing was created. */
    record Unavailable() implements Outcome {}
  }
}
