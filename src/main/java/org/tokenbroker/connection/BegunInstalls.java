package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import org.tokenbroker.token.ConnectionId;

/** Installs whose code brought nothing: they leave no tombstone. */
public interface BegunInstalls {
  /** Those that began before that moment and hold no token. Empty on failure. */
  Uni<List<ConnectionId>> before(Instant begunBefore, int limit);

  /** Removes one; whether it was there and held no token. */
  Uni<Boolean> forget(ConnectionId id);
}
