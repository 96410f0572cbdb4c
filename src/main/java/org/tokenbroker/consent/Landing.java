package org.tokenbroker.consent;

import java.net.URI;
import java.util.Optional;
import org.tokenbroker.token.ConnectionId;

/** How far a kept grant came. */
public sealed interface Landing {
  /** The one that has the grant: of an account that is connected already, its connection. */
  ConnectionId connection();

  /**
   * All that is wanted is known.
   *
   * @param returnUrl where the owner is led back to; allowed by the profile (BE-10)
   */
  record Known(ConnectionId connection, Optional<URI> returnUrl) implements Landing {}

  /** The provider's facts are still to come. */
  record Waiting(ConnectionId connection) implements Landing {}
}
