package org.tokenbroker.connection.store;

import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.States;

/**
 * A health as the ledger's columns hold it.
 *
 * @param state never {@code disabled}: a disabled connection keeps the state before in its columns
 */
public record HealthColumns(String state, Optional<String> cause, int failures, Instant since) {
  public static HealthColumns of(Health health) {
    return switch (health) {
      case Health.Ailing ailing ->
          new HealthColumns(
              States.AILING,
              Optional.of(ailing.ailment().name()),
              ailing.failures(),
              ailing.since());
      case Health.Connecting connecting ->
          new HealthColumns(
              States.PENDING_CONSENT,
              Optional.of(connecting.hurdle().name()),
              0,
              connecting.since());
      case Health.NeedsConsent needs ->
          new HealthColumns(
              States.NEEDS_CONSENT, Optional.of(needs.cause().name()), 0, needs.since());
      case Health.Disabled disabled -> of(disabled.before());
      case Health.PendingConsent pending -> plain(pending);
      case Health.Unclaimed unclaimed -> plain(unclaimed);
      case Health.Active active -> plain(active);
      case Health.Revoked revoked -> plain(revoked);
    };
  }

  private static HealthColumns plain(Health health) {
    return new HealthColumns(States.name(health), Optional.empty(), 0, health.since());
  }
}
