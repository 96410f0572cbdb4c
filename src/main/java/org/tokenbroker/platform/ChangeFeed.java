package org.tokenbroker.platform;

import java.util.function.Consumer;

/**
 * Tells this replica what any replica changed in PostgreSQL: by {@code LISTEN/NOTIFY}, with a poll
 * of at most 5 s behind it (G8).
 */
public interface ChangeFeed {
  /**
   * Listeners run on an event loop and must not block. A change may be told more than once; none is
   * left out.
   */
  void subscribe(Consumer<Change> listener);

  /**
   * Whether every change of the last seconds has been told. False while PostgreSQL does not answer:
   * what is in memory may be out of date (G-15).
   */
  default boolean isCurrent() {
    return true;
  }

  /**
   * A row that was created, changed or deleted.
   *
   * @param kind table name, for example {@code connection}
   * @param id its primary key
   */
  record Change(String kind, String id) {}
}
