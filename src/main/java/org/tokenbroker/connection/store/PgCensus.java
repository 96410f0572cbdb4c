package org.tokenbroker.connection.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.tokenbroker.connection.Census;
import org.tokenbroker.platform.PgFailures;

/** The census in PostgreSQL: one pass over the living. */
@ApplicationScoped
public class PgCensus implements Census {
  private static final String COUNT =
      """
      SELECT provider, CASE WHEN disabled_at IS NULL THEN state ELSE 'disabled' END AS state, count(*) AS number,
             CAST(extract(epoch FROM min(expires_at) FILTER (WHERE disabled_at IS NULL AND state IN ('active', 'ailing'))
                                     - clock_timestamp()) AS float8) AS shortest,
             count(*) FILTER (WHERE disabled_at IS NULL AND due_at <= clock_timestamp()) AS due,
             count(*) FILTER (WHERE disabled_at IS NULL AND state IN ('active', 'ailing') AND consent_warned_at IS NOT NULL) AS expiring
      FROM connection WHERE deleted_at IS NULL GROUP BY 1, 2""";

  private final Pool pool;

  PgCensus(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Uni<Optional<Counted>> count() {
    return pool.query(COUNT)
        .execute()
        .map(PgCensus::groups)
        .chain(
            groups ->
                pool.query("SELECT clock_timestamp() AS now")
                    .execute()
                    .map(rows -> rows.iterator().next().getOffsetDateTime("now").toInstant())
                    .map(now -> new Counted(groups, now)))
        .map(Optional::of)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Optional.empty());
  }

  private static List<Group> groups(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(PgCensus::group).toList();
  }

  private static Group group(Row row) {
    return new Group(
        row.getString("provider"),
        row.getString("state"),
        row.getLong("number"),
        Optional.ofNullable(row.getDouble("shortest"))
            .map(seconds -> Duration.ofMillis((long) (seconds * 1000))),
        row.getLong("due"),
        row.getLong("expiring"));
  }
}
