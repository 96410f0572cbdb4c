package org.tokenbroker.platform;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Tells what a failed PostgreSQL call means, by SQLSTATE and type; never by text. */
public final class PgFailures {
  private static final String FOREIGN_KEY_VIOLATION = "23503";

  /**
   * Connection exceptions, insufficient resources, operator intervention, system errors, lock and
   * statement time-outs, transaction rollbacks, and a read-only standby: the state of the server,
   * not what was asked.
   */
  private static final List<String> SERVER_STATES =
      List.of("08", "53", "57", "58", "55P03", "40", "25006", "XX");

  private PgFailures() {}

  public static boolean isForeignKeyViolation(Throwable failure) {
    return chain(failure) instanceof PgException pg
        && FOREIGN_KEY_VIOLATION.equals(pg.getSqlState());
  }

  /**
   * Whether asking the same again later may help. A failure of our own code is not meant and stays
   * a failure.
   */
  public static boolean isUnavailable(Throwable failure) {
    return switch (chain(failure)) {
      case PgException pg ->
          SERVER_STATES.stream().anyMatch(String.valueOf(pg.getSqlState())::startsWith);
      case IOException io -> true;
      case TimeoutException timeout -> true;
      case VertxException closed -> true;
      case NoStackTraceThrowable poolTimeout -> true;
      default -> false;
    };
  }

  private static Throwable chain(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof PgException)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
