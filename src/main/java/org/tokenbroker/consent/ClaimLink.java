package org.tokenbroker.consent;

import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.ConnectionId;

/** What a claim link is good for at this moment, in the browser that opened it. */
public sealed interface ClaimLink {
  /** A link that gives an install away. */
  sealed interface Open extends ClaimLink {
    ClaimTicket ticket();

    ProviderClient client();
  }

  /** This browser brought no install lately: the next one it brings can become the tenant's. */
  record BeforeInstall(ClaimTicket ticket, ProviderClient client) implements Open {}

  /**
   * This browser brought an install that nobody has claimed through it.
   *
   * @param install what it brought
   */
  record AfterInstall(ClaimTicket ticket, ProviderClient client, ConnectionId install)
      implements Open {}

  /** It gives nothing away, now or later. */
  record Closed(Link.Reason reason) implements ClaimLink {}

  /** The registration cannot be used until an operator acts. */
  record Blocked() implements ClaimLink {}

  /** A store could not be reached; try again later. */
  record Unavailable() implements ClaimLink {}
}
