package org.tokenbroker.connection.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tokenbroker.connection.Agreements;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Term;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;

/**
 * Agreements as columns of table {@code connection}: each warning is one atomic change of a row.
 */
@ApplicationScoped
public class PgAgreements implements Agreements {
  private static final String WARN =
      """
      WITH near AS (
        SELECT id FROM connection
        WHERE consent_warned_at IS NULL AND deleted_at IS NULL AND disabled_at IS NULL AND state IN ('active', 'ailing')
          AND consent_ends_at <= :farthest
          AND consent_ends_at <= CAST(:now AS timestamptz)
            + make_interval(secs => CAST(CAST(CAST(:before AS text) AS jsonb) ->> provider AS float8))
        ORDER BY consent_ends_at LIMIT :limit
        FOR UPDATE SKIP LOCKED
      )
      UPDATE connection SET consent_warned_at = :now, updated_at = :now FROM near WHERE connection.id = near.id
      RETURNING\s"""
          + ConnectionRow.COLUMNS;

  private final PgSessions sessions;

  PgAgreements(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<List<Ending>> warn(Map<String, Duration> before, int limit, Instant now) {
    Duration longest = before.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(WARN, ConnectionRow.class)
                    .setParameter("before", seconds(before))
                    .setParameter("farthest", now.plus(longest))
                    .setParameter("limit", limit)
                    .setParameter("now", now)
                    .getResultList())
        .map(
            rows -> rows.stream().map(ConnectionRow::connection).map(PgAgreements::ending).toList())
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(List.of());
  }

  private static String seconds(Map<String, Duration> before) {
    Map<String, Object> seconds = new HashMap<>();
    before.forEach((provider, duration) -> seconds.put(provider, duration.toSeconds()));
    return new JsonObject(seconds).encode();
  }

  private static Ending ending(Connection connection) {
    Instant end = connection.term().flatMap(Term::endsAt).orElseThrow();
    return new Ending(connection.id(), connection.provider(), end);
  }
}
