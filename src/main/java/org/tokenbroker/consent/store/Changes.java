package org.tokenbroker.consent.store;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny.MutationQuery;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;

/** What became of a change of this chapter's tables, a store that is away included. */
final class Changes {
  private Changes() {}

  static Uni<Stored> stored(Uni<?> change) {
    return change
        .replaceWith(Stored.DONE)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Stored.UNAVAILABLE);
  }

  /**
   * @param rows how many were changed: one by whoever came first
   */
  static Uni<Taking> taking(Uni<Integer> rows) {
    return rows.map(count -> count == 1 ? Taking.TAKEN : Taking.LOST)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Taking.UNAVAILABLE);
  }

  /** One statement of SQL in a transaction of its own; counts the rows. */
  static Uni<Integer> statement(
      PgSessions sessions, String sql, Function<MutationQuery, MutationQuery> parameters) {
    return sessions.withTransaction(
        session -> parameters.apply(session.createNativeQuery(sql)).executeUpdate());
  }
}
