package org.tokenbroker.connection.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.tokenbroker.connection.BegunInstalls;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;

/** Begun installs as rows of table {@code connection}. */
@ApplicationScoped
public class PgBegunInstalls implements BegunInstalls {
  private static final String BEGUN =
      "tenant IS NULL AND state = 'pending_consent' AND cause IS NULL AND deleted_at IS NULL AND issued_at IS NULL";

  private final PgSessions sessions;

  PgBegunInstalls(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<List<ConnectionId>> before(Instant begunBefore, int limit) {
    return sessions
        .withSession(
            session ->
                session
                    .createNativeQuery(
                        "SELECT "
                            + ConnectionRow.COLUMNS
                            + " FROM connection WHERE "
                            + BEGUN
                            + " AND created_at < :before ORDER BY created_at LIMIT :limit",
                        ConnectionRow.class)
                    .setParameter("before", begunBefore)
                    .setParameter("limit", limit)
                    .getResultList())
        .map(rows -> rows.stream().map(row -> new ConnectionId(row.id)).toList())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  @Override
  public Uni<Boolean> forget(ConnectionId id) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery("DELETE FROM connection WHERE id = :id AND " + BEGUN)
                    .setParameter("id", id.value())
                    .executeUpdate())
        .map(rows -> rows == 1)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(false);
  }
}
