package org.tokenbroker.consent;

import java.time.Duration;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/** What came of the button behind a claim link. */
public sealed interface ClaimOutcome {
  /**
   * The next install of this browser becomes the tenant's.
   *
   * @param within how long it may take
   * @param browser what the browser's cookie holds from now on
   */
  record Armed(ClaimLink.Open link, Duration within, Secret browser) implements ClaimOutcome {}

  /** What this browser installed is the tenant's. */
  record Claimed(ClaimLink.Open link, ConnectionId install) implements ClaimOutcome {}

  /** What this browser installed cannot become the tenant's; the link stays usable. */
  record NotClaimable(ConnectionId install) implements ClaimOutcome {}

  /**
   * @param link any but an open one
   */
  record Staying(ClaimLink link) implements ClaimOutcome {}
}
