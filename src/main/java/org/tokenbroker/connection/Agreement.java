package org.tokenbroker.connection;

import java.time.Instant;
import org.tokenbroker.connection.Health.Hurdle;

/** What an owner's agreement makes of a connection's health. Pure. */
public final class Agreement {
  private Agreement() {}

  /**
   * One that is in service stays so; what the profile wants looked up is then looked up behind it.
   *
   * @param looksUp whether the profile wants facts before a connection becomes active (BE-9)
   */
  public static Health of(Connection connection, boolean looksUp, Instant now) {
    return switch (connection.health()) {
      case Health.Active active -> active;
      case Health.Ailing ailing -> ailing.recovers(now);
      case Health.Disabled disabled -> disabled;
      case Health.PendingConsent pending -> agreed(connection, looksUp, now);
      case Health.Connecting connecting -> agreed(connection, looksUp, now);
      case Health.Unclaimed unclaimed -> agreed(connection, looksUp, now);
      case Health.NeedsConsent needs -> agreed(connection, looksUp, now);
      case Health.Revoked revoked -> agreed(connection, looksUp, now);
    };
  }

  private static Health agreed(Connection connection, boolean looksUp, Instant now) {
    if (looksUp) {
      return new Health.Connecting(Hurdle.NOT_ASKED, now);
    }
    return connection.tenant().isPresent() ? new Health.Active(now) : new Health.Unclaimed(now);
  }
}
