package org.tokenbroker.connection;

import java.util.List;

/** The names of the states in our API, our metrics and the ledger. */
public final class States {
  public static final String PENDING_CONSENT = "pending_consent";
  public static final String UNCLAIMED = "unclaimed";
  public static final String ACTIVE = "active";
  public static final String AILING = "ailing";
  public static final String NEEDS_CONSENT = "needs_consent";
  public static final String REVOKED = "revoked";
  public static final String DISABLED = "disabled";

  public static final List<String> ALL =
      List.of(PENDING_CONSENT, UNCLAIMED, ACTIVE, AILING, NEEDS_CONSENT, REVOKED, DISABLED);

  private States() {}

  public static String name(Health health) {
    return switch (health) {
      case Health.PendingConsent pending -> PENDING_CONSENT;
      case Health.Connecting connecting -> PENDING_CONSENT;
      case Health.Unclaimed unclaimed -> UNCLAIMED;
      case Health.Active active -> ACTIVE;
      case Health.Ailing ailing -> AILING;
      case Health.NeedsConsent needsConsent -> NEEDS_CONSENT;
      case Health.Revoked revoked -> REVOKED;
      case Health.Disabled disabled -> DISABLED;
    };
  }
}
