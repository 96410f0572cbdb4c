package org.tokenbroker.safe;

import io.smallrye.mutiny.Uni;

/** What operators and the refresher may ask about the safe without touching a document (K-5). */
public interface SafeHealth {
  /**
   * Asks the safe now whether this replica could write. Never fails; bounded in time like every
   * call of {@link SecretSafe}. Not free: meant for a health view or a heartbeat, not for each
   * request.
   */
  Uni<SafeState> probe();

  /** What the latest call of any kind told, without asking again. */
  SafeActivity activity();
}
