package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.ConnectionId;

/** The last step of an agreement; implemented by the chapter that owns connections. */
public interface Landings {
  /**
   * Looks up what the profile wants to know of a kept grant before its connection becomes active
   * (BE-9). Answers within seconds; what was not learned by then is learned behind it, with the
   * stored token and never by exchanging the code again.
   */
  Uni<Landing> land(ConnectionId connection);
}
