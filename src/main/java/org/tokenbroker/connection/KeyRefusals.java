package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;

/** Takes note of API keys that an API refuses: nothing can renew them but an operator. */
public interface KeyRefusals {
  /**
   * The key of that generation was refused: if it is the newest, the connection is ailing until a
   * key is put. Noted once; a ledger that does not answer is told by the next report.
   */
  Uni<Void> refused(ConnectionId id, Generation generation);
}
