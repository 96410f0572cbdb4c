package org.tokenbroker.refresh;

import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.token.ConnectionId;

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

  /** Somebody else held the lease that was asked for. */
  void leaseConflict(ConnectionId connection);

  /**
   * A call of a former holder of the lease was found without an end: its replica was lost. Whether
   * the provider carried it out is not known.
   */
  void takenOver(Connection connection);
}
