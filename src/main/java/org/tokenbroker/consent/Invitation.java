package org.tokenbroker.consent;

import java.net.URI;
import java.time.Instant;

/**
 * A link that lets whoever holds it agree for one connection. The link is a secret: {@code
 * toString} masks it.
 *
 * @param link absolute URL on the browser door
 * @param expiresAt from then on the link answers that it is over
 */
public record Invitation(URI link, Instant expiresAt) {
  @Override
  public String toString() {
    return "Invitation[***, expiresAt=" + expiresAt + "]";
  }
}
