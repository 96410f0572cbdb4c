package org.tokenbroker.connection;

import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.token.Servable;

/** Outcome of reading what a connection has for its consumers. */
public sealed interface ServableRead {
  /** The newest that is durable. */
  record Found(Servable servable) implements ServableRead {}

  /** Nothing yet, or nothing any more. */
  record Absent() implements ServableRead {}

  record Unavailable(SafeFault fault) implements ServableRead {}
}
