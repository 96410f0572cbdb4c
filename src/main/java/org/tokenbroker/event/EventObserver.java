package org.tokenbroker.event;

import java.util.Map;

/** Hears what becomes of events; for metrics. Must not block or fail. */
public interface EventObserver {
  /** So many of each kind were placed by this replica. */
  void placed(Map<Kind, Integer> events);

  /**
   * @param outcome {@code delivered}, {@code gone}, {@code given_up}, {@code safe_unavailable} or
   *     the label of a {@link Failure}
   */
  void attempted(String outcome);
}
