package org.tokenbroker.refresh;

import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;

/** How one refresh of one connection ended. */
public sealed interface RefreshOutcome {
  /**
   * A newer token lies in the safe.
   *
   * @param repaired nobody called the provider: the safe was ahead of the ledger, or a token
   *     without end was kept for another while
   */
  record Refreshed(Credential credential, boolean repaired) implements RefreshOutcome {}

  /** Nothing was due. */
  record NotDue() implements RefreshOutcome {}

  /** The provider or our own budget holds this back; the connection is as it was. */
  record Postponed(Postponement why) implements RefreshOutcome {}

  record Failed(Ailment ailment) implements RefreshOutcome {}

  record Refused(ConsentCause cause) implements RefreshOutcome {}

  /**
   * An owner agreed anew, the connection was deleted, or another replica took the lease meanwhile.
   */
  record Overtaken() implements RefreshOutcome {}

  /** Why a refresh is put off without being a failure of the connection. */
  enum Postponement {
    REGISTRATION_FAULTY,
    HELD_BACK,
    LEDGER_UNAVAILABLE
  }
}
