package org.tokenbroker.platform;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** Tells what a failed PostgreSQL call means, by SQLSTATE and type; never by text. */
public final class PgFailures {
  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * Connection exceptions, credentials that are refused (while they are rotated), insufficient
   * resources, operator intervention, system errors, lock and statement time-outs, transaction
   * rollbacks, and a read-only standby: the state of the server, not what was asked.
   */
  private static final List<String> SERVER_STATES =
      List.of("08", "28", "53", "57", "58", "55P03", "40", "25006", "XX");

  private PgFailures() {}

  public static boolean isForeignKeyViolation(Throwable failure) {
    return FOREIGN_KEY_VIOLATION.equals(sqlState(root(failure)));
  }

  public static boolean isUniqueViolation(Throwable failure) {
    return UNIQUE_VIOLATION.equals(sqlState(root(failure)));
  }

  /**
   * Whether asking the same again later may help. A failure of our own code is not meant and stays
   * a failure.
   */
  public static boolean isUnavailable(Throwable failure) {
    Throwable root = root(failure);
    String state = sqlState(root);
    return state.isEmpty()
        ? isOfTheConnection(root)
        : SERVER_STATES.stream().anyMatch(state::startsWith);
  }

  private static boolean isOfTheConnection(Throwable root) {
    return switch (root) {
      case IOException io -> true;
      case TimeoutException timeout -> true;
      case VertxException closed -> true;
      case NoStackTraceThrowable poolTimeout -> true;
      default -> false;
    };
  }

  /** Empty where the failure did not come from a statement. */
  private static String sqlState(Throwable root) {
    return switch (root) {
      case PgException pg -> Objects.requireNonNullElse(pg.getSqlState(), "");
      case SQLException sql -> Objects.requireNonNullElse(sql.getSQLState(), "");
      default -> "";
    };
  }

  /**
   * Hibernate Reactive hands a failed statement on as an SQLException, the bare client as a
   * PgException.
   */
  private static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && sqlState(cause).isEmpty()) {
      cause = cause.getCause();
    }
    return cause;
  }
}
