package org.tokenbroker.consent;

import java.net.URI;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/** Outcome of an owner's wish to agree. */
public sealed interface Departure {
  /**
   * @param authorize where the browser goes next; holds the state, so {@code toString} masks it
   * @param browser what the browser's cookie holds from now on
   */
  record Leaving(ConnectionId connection, URI authorize, Secret browser) implements Departure {
    @Override
    public String toString() {
      return "Leaving[" + connection + "]";
    }
  }

  /**
   * @param link any link but an open one
   */
  record Staying(Link link) implements Departure {}
}
