package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.tokenbroker.token.ConnectionId;

/** Finds agreements whose end is near (G-9). */
public interface Agreements {
  /**
   * An agreement that its owner has to renew.
   *
   * @param provider id of the registration's profile
   */
  record Ending(ConnectionId connection, String provider, Instant endsAt) {}

  /**
   * Notes the warning with each of them, once for each agreement, whichever replica asks and
   * however often; only for connections that are active or ailing. Nearest end first. Empty when
   * the ledger does not answer.
   *
   * @param before how long before its end an agreement is near it, by provider (profile id); those
   *     of other providers are left for later
   */
  Uni<List<Ending>> warn(Map<String, Duration> before, int limit, Instant now);
}
