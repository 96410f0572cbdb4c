package org.tokenbroker.refresh;

import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.provider.TokenReply;

/** Sees what refreshing does, for metrics and alarms; must not throw. */
public interface RefreshObserver {
  void started(Connection connection);

  /** The provider answered, or not. */
  void replied(Connection connection, TokenReply reply, Duration took);

  /**
   * @param lag from the moment it was planned to the end; absent where it was not planned
   */
  void ended(Connection connection, RefreshOutcome outcome, Optional<Duration> lag);

  /** A ledger write named an epoch that was over. */
  void fenced(Connection connection);

  /**
   * The newest refresh token was refused although no outcome was open: withdrawn, expired, or used
   * by somebody else.
   */
  void reuseSuspected(Connection connection);
}
