package org.tokenbroker.refresh;

import java.time.Instant;
import org.tokenbroker.connection.Agreement;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;

/**
 * Where refreshing leads a connection's health. Pure; states that refreshing does not touch stay as
 * they are.
 */
final class Progress {
  private Progress() {}

  /**
   * A token that is newer than all the ledger knew of one that waits for consent comes of an
   * agreement.
   *
   * @param looksUp whether the profile wants facts before a connection becomes active
   */
  static Health refreshed(Connection connection, boolean looksUp, Instant now) {
    return switch (connection.health()) {
      case Health.Active active -> active;
      case Health.Ailing ailing -> ailing.recovers(now);
      case Health.PendingConsent pending -> Agreement.of(connection, looksUp, now);
      case Health.NeedsConsent needs -> Agreement.of(connection, looksUp, now);
      case Health.Connecting connecting -> connecting;
      case Health.Unclaimed unclaimed -> unclaimed;
      case Health.Revoked revoked -> Agreement.of(connection, looksUp, now);
      case Health.Disabled disabled -> disabled;
    };
  }

  static Health failed(Health health, Ailment ailment, Instant now) {
    return switch (health) {
      case Health.Active active -> active.fails(ailment, now);
      case Health.Ailing ailing -> ailing.failsAgain(ailment, now);
      case Health.PendingConsent pending -> pending;
      case Health.NeedsConsent needs -> needs;
      case Health.Connecting connecting -> connecting;
      case Health.Unclaimed unclaimed -> unclaimed;
      case Health.Revoked revoked -> revoked;
      case Health.Disabled disabled -> disabled;
    };
  }

  static Health refused(Health health, ConsentCause cause, Instant now) {
    return switch (health) {
      case Health.Active active -> active.refused(cause, now);
      case Health.Ailing ailing -> ailing.refused(cause, now);
      case Health.PendingConsent pending -> pending;
      case Health.NeedsConsent needs -> needs;
      case Health.Connecting connecting -> connecting.refused(cause, now);
      case Health.Unclaimed unclaimed -> unclaimed.refused(cause, now);
      case Health.Revoked revoked -> revoked;
      case Health.Disabled disabled -> disabled;
    };
  }
}
