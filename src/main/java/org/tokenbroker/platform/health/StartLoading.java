package org.tokenbroker.platform.health;

import io.smallrye.mutiny.Uni;

/**
 * What a replica must have in memory before it can answer, for example the access rules. Chapters
 * offer theirs as beans.
 */
public interface StartLoading {
  /** Stable snake_case name, one for each bean. */
  String name();

  /**
   * Whether it is in memory. While it is not, asking may try to load it; once it is, the answer
   * stays true and nothing outside the process is asked, so that no outage makes a replica unready.
   * Called on an event loop, so it must not block. A failure or more than 2 s count as not yet.
   */
  Uni<Boolean> loaded();
}
