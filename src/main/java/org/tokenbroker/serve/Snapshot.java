package org.tokenbroker.serve;

import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Servable;

/**
 * What memory holds of a connection: replaced whole, never changed.
 *
 * @param servable the newest, as the safe had it; absent before the first and where nobody is
 *     served
 * @param degraded present while it could not be checked against what is kept
 */
record Snapshot(Connection connection, Optional<Servable> servable, Optional<Degraded> degraded) {

  /**
   * @param source which engine did not answer
   * @param retryAt not asked again before
   */
  record Degraded(Engine source, Instant retryAt) {}

  /** 0 while there is none. */
  Generation generation() {
    return servable.map(Servable::generation).orElse(Generation.NONE);
  }

  /** Those of what is held; before the first, the requested ones. */
  Scopes scopes() {
    return servable.map(Servable::scopes).orElseGet(connection::requested);
  }

  /**
   * Whether the other is of the very same connection: a deleted one may have given its id to a new
   * one.
   */
  boolean isOfSame(Connection other) {
    return connection.id().equals(other.id())
        && connection.tenant().equals(other.tenant())
        && connection.registration().equals(other.registration())
        && connection.createdAt().equals(other.createdAt());
  }

  Snapshot degradedBy(Engine source, Instant retryAt) {
    return new Snapshot(connection, servable, Optional.of(new Degraded(source, retryAt)));
  }
}
