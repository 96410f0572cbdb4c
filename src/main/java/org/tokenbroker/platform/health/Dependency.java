package org.tokenbroker.platform.health;

import io.smallrye.mutiny.Uni;

/**
 * Something outside this replica that it needs in the long run. Chapters offer theirs as beans; the
 * dependency view shows them.
 */
public interface Dependency {
  /** Stable snake_case name, one for each bean. */
  String name();

  /**
   * Asks now. Called on an event loop, so it must not block. A failure or more than 3 s count as
   * down.
   */
  Uni<DependencyState> state();
}
