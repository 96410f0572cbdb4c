package org.tokenbroker.consent;

import org.tokenbroker.provider.ProviderClient;

/** What a consent link is good for at this moment. */
public sealed interface Link {
  record Open(Ticket ticket, ProviderClient client, Route.Open route) implements Link {}

  /** It starts nothing, now or later. */
  record Closed(Reason reason) implements Link {}

  /** The registration cannot be used until an operator acts. */
  record Blocked() implements Link {}

  /** A store could not be reached; try again later. */
  record Unavailable() implements Link {}

  /** Why a link is closed. */
  enum Reason {
    /** Never issued, or forgotten since. */
    UNKNOWN,
    EXPIRED,
    /** An agreement was kept through it. */
    USED,
    /** Its connection was deleted, disabled or revoked. */
    WITHDRAWN
  }
}
