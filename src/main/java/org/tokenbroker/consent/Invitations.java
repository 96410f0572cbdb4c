package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.token.ConnectionId;

/**
 * Hands out consent links (MO-15, G-14): for the first consent and for each re-consent in place.
 */
public interface Invitations {
  /**
   * @param life how long the link works; positive, at most 30 days
   */
  default Uni<Outcome> invite(ConsentSubject subject, Duration life) {
    return invite(subject, life, Optional.empty());
  }

  /**
   * @param life how long the link works; positive, at most 30 days
   * @param redirectUri one of the registration's, to which the provider sends the owner back: a
   *     foreign one makes the code come in by {@link CodeImport}; absent: our own callback (IV-5)
   */
  Uni<Outcome> invite(ConsentSubject subject, Duration life, Optional<URI> redirectUri);

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
