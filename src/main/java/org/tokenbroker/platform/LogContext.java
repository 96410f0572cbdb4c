package org.tokenbroker.platform;

import org.jboss.logging.MDC;

/**
 * What every log line of a piece of work carries beside its text. It belongs to the Vert.x context
 * that the work runs on, so that work apart (see {@link Apart}) does not see it.
 */
public final class LogContext {
  private static final String CONNECTION = "connectionId";
  private static final String REQUEST = "requestId";

  private LogContext() {}

  /**
   * @param id of the connection that the work is about; nothing secret
   */
  public static void connection(Object id) {
    MDC.put(CONNECTION, id.toString());
  }

  /**
   * @param id that ties an answer to its log lines
   */
  public static void request(String id) {
    MDC.put(REQUEST, id);
  }
}
