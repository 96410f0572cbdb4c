package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Counts connections for operators. */
public interface Census {
  /**
   * The connections of one provider in one state.
   *
   * @param state one of {@link States}
   * @param shortestLife of the access tokens of those that are active or ailing; negative where one
   *     is over
   * @param due how many of them wait for a refresh whose time has come
   * @param expiring how many of them have an owner who was found to have to agree again soon
   */
  record Group(
      String provider,
      String state,
      long number,
      Optional<Duration> shortestLife,
      long due,
      long expiring) {}

  /**
   * All groups at one moment.
   *
   * @param takenAt by the ledger's clock
   */
  record Counted(List<Group> groups, Instant takenAt) {}

  /** Empty when the ledger does not answer. */
  Uni<Optional<Counted>> count();
}
