package org.tokenbroker.connection;

import java.util.List;

/** Outcome of looking for a tenant's connections. */
public sealed interface Candidates {
  /** More than so many are not told apart. */
  int MOST = 20;

  /**
   * @param connections ordered by id; empty where there is none, or more than {@link #MOST}
   */
  record Found(List<Connection> connections) implements Candidates {}

  /** PostgreSQL did not answer. */
  record Unavailable() implements Candidates {}
}
