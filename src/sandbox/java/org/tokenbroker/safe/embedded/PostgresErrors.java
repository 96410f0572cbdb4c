package org.tokenbroker.safe.embedded;

import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.safe.SafeFault;

/** What a failed statement means, by SQLSTATE (PostgreSQL, appendix A). */
final class PostgresErrors {
  private PostgresErrors() {}

  /** Whatever is no answer of the server leaves open whether it carried the statement out. */
  static SafeFault fault(Throwable failure) {
    return failure instanceof PgException answer
        ? bySqlState(answer.getSqlState())
        : SafeFault.UNREACHABLE;
  }

  private static SafeFault bySqlState(@Nullable String state) {
    if (state == null || state.startsWith("08") || state.startsWith("57P")) {
      return SafeFault.UNREACHABLE;
    }
    if (state.startsWith("28") || state.startsWith("42501")) {
      return SafeFault.FORBIDDEN;
    }
    return state.equals("25006") || state.startsWith("53")
        ? SafeFault.NOT_SERVING
        : SafeFault.CORRUPT;
  }
}
