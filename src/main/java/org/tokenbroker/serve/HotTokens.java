package org.tokenbroker.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connections;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.ServableRead;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Servable;

/**
 * The tokens that memory holds (G-3).
 *
 * <ul>
 *   <li>A read of what memory holds touches neither PostgreSQL nor the safe.
 *   <li>What memory does not hold is loaded once, however many ask for it.
 *   <li>A change that any replica made is loaded behind the readers; they get the former snapshot
 *       until then. The ledger is read first, so that what it withdraws is gone before the safe has
 *       answered.
 *   <li>While an engine does not answer, the former snapshot stays and says so (G-15); the engine
 *       is asked again once a second at most.
 *   <li>A connection's generation never goes back (I4), and a snapshot never outlives its
 *       connection: one that was created anew under the same id inherits nothing.
 * </ul>
 */
final class HotTokens {
  private static final Logger LOG = Logger.getLogger(HotTokens.class);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
  private static final Duration KNOWN_MISSING_FOR = Duration.ofSeconds(1);
  private static final int LOADS_FOR_GENERATION = 3;

  private final Connections connections;
  private final InstantSource time;
  private final Cache<ConnectionId, Snapshot> held;
  private final Cache<ConnectionId, Instant> missing;
  private final SingleFlight<ConnectionId, Loaded> loads;
  private final Set<ConnectionId> changedMeanwhile = ConcurrentHashMap.newKeySet();

  /**
   * @param capacity connections held at most, at least 1
   */
  HotTokens(Connections connections, Apart apart, InstantSource time, int capacity) {
    this.connections = connections;
    this.time = time;
    this.held = Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    this.missing = Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    this.loads = new SingleFlight<>(apart);
  }

  /** What a load found. */
  sealed interface Loaded {
    record Found(Snapshot snapshot) implements Loaded {}

    record Missing() implements Loaded {}

    record Unavailable(Engine engine) implements Loaded {}
  }

  /**
   * From memory, else from the engines. Asks an engine again behind the reader where that is due.
   */
  Uni<Loaded> get(ConnectionId id) {
    Snapshot snapshot = held.getIfPresent(id);
    if (snapshot != null) {
      if (snapshot
          .degraded()
          .filter(degraded -> !time.instant().isBefore(degraded.retryAt()))
          .isPresent()) {
        reload(id);
      }
      return Uni.createFrom().item(new Loaded.Found(snapshot));
    }
    Instant until = missing.getIfPresent(id);
    if (until != null && time.instant().isBefore(until)) {
      return Uni.createFrom().item(new Loaded.Missing());
    }
    return load(id);
  }

  /** From the engines, at least that generation where they have it. */
  Uni<Loaded> getNewer(ConnectionId id, Generation wanted) {
    return getNewer(id, wanted, LOADS_FOR_GENERATION);
  }

  private Uni<Loaded> getNewer(ConnectionId id, Generation wanted, int loadsLeft) {
    return load(id)
        .chain(
            loaded ->
                loaded instanceof Loaded.Found(Snapshot snapshot)
                        && wanted.isNewerThan(snapshot.generation())
                        && loadsLeft > 1
                    ? getNewer(id, wanted, loadsLeft - 1)
                    : Uni.createFrom().item(loaded));
  }

  /** Some replica changed it. */
  void changed(ConnectionId id) {
    missing.invalidate(id);
    changedMeanwhile.add(id);
    if (!loads.isRunning(id)) {
      loadChanged(id);
    }
  }

  private void loadChanged(ConnectionId id) {
    if (changedMeanwhile.remove(id) && holds(id)) {
      reload(id);
    }
  }

  boolean holds(ConnectionId id) {
    return held.getIfPresent(id) != null;
  }

  long size() {
    return held.estimatedSize();
  }

  private void reload(ConnectionId id) {
    load(id)
        .subscribe()
        .with(
            loaded -> {},
            failure ->
                LOG.errorf("Loading connection %s failed: %s", id, failure.getClass().getName()));
  }

  private Uni<Loaded> load(ConnectionId id) {
    return loads.join(
        id, () -> readLedger(id).invoke(loaded -> keep(id, loaded)), () -> loadChanged(id));
  }

  private Uni<Loaded> readLedger(ConnectionId id) {
    return connections
        .find(id)
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found(Connection connection) -> withToken(connection);
                  case LedgerRead.Unknown unknown -> loaded(new Loaded.Missing());
                  case LedgerRead.Unavailable unavailable -> loaded(former(id, Engine.LEDGER));
                });
  }

  private Uni<Loaded> withToken(Connection connection) {
    if (!isServed(connection.health())) {
      Snapshot withdrawn = new Snapshot(connection, Optional.empty(), Optional.empty());
      held.put(connection.id(), withdrawn);
      return loaded(new Loaded.Found(withdrawn));
    }
    Optional<Snapshot> former = formerOf(connection);
    if (former.isEmpty()) {
      held.invalidate(connection.id());
    }
    former.ifPresent(
        known ->
            held.put(
                connection.id(), new Snapshot(connection, known.servable(), known.degraded())));
    return former.filter(known -> isUpToDate(known, connection)).isPresent()
        ? loaded(
            new Loaded.Found(new Snapshot(connection, former.get().servable(), Optional.empty())))
        : connections.servable(connection).map(read -> merge(connection, former, read));
  }

  private Loaded merge(Connection connection, Optional<Snapshot> former, ServableRead read) {
    return switch (read) {
      case ServableRead.Found(Servable servable) ->
          new Loaded.Found(newest(connection, former, servable));
      case ServableRead.Absent absent ->
          new Loaded.Found(new Snapshot(connection, Optional.empty(), Optional.empty()));
      case ServableRead.Unavailable unavailable ->
          former
              .<Loaded>map(
                  known ->
                      new Loaded.Found(
                          new Snapshot(connection, known.servable(), Optional.empty())
                              .degradedBy(Engine.SAFE, retryAt())))
              .orElseGet(() -> new Loaded.Unavailable(Engine.SAFE));
    };
  }

  private static Snapshot newest(Connection connection, Optional<Snapshot> former, Servable read) {
    Optional<Servable> newer =
        former
            .flatMap(Snapshot::servable)
            .filter(known -> known.generation().isNewerThan(read.generation()));
    return new Snapshot(connection, newer.or(() -> Optional.of(read)), Optional.empty());
  }

  /**
   * Whether the ledger tells nothing newer than the snapshot, so that the safe need not be read.
   */
  private static boolean isUpToDate(Snapshot former, Connection connection) {
    return former.degraded().isEmpty()
        && former.servable().filter(held -> isNewest(held, connection)).isPresent();
  }

  private static boolean isNewest(Servable held, Connection connection) {
    return switch (held) {
      case AccessToken token ->
          connection
              .held()
              .filter(known -> known.generation().equals(token.generation()))
              .filter(known -> known.lifetime().equals(token.lifetime()))
              .isPresent();
      case ApiKey key -> connection.issued().equals(key.generation());
    };
  }

  private Optional<Snapshot> formerOf(Connection connection) {
    return Optional.ofNullable(held.getIfPresent(connection.id()))
        .filter(known -> known.isOfSame(connection));
  }

  private Loaded former(ConnectionId id, Engine silent) {
    Snapshot former = held.getIfPresent(id);
    return former == null
        ? new Loaded.Unavailable(silent)
        : new Loaded.Found(former.degradedBy(silent, retryAt()));
  }

  private void keep(ConnectionId id, Loaded loaded) {
    switch (loaded) {
      case Loaded.Found(Snapshot snapshot) -> held.put(id, snapshot);
      case Loaded.Missing gone -> {
        held.invalidate(id);
        missing.put(id, time.instant().plus(KNOWN_MISSING_FOR));
      }
      case Loaded.Unavailable unavailable -> {}
    }
  }

  private static boolean isServed(Health health) {
    return switch (health) {
      case Health.Active active -> true;
      case Health.Ailing ailing -> true;
      case Health.NeedsConsent needs -> true;
      case Health.PendingConsent pending -> false;
      case Health.Connecting connecting -> false;
      case Health.Unclaimed unclaimed -> false;
      case Health.Revoked revoked -> false;
      case Health.Disabled disabled -> false;
    };
  }

  private Instant retryAt() {
    return time.instant().plus(RETRY_EVERY);
  }

  private static Uni<Loaded> loaded(Loaded loaded) {
    return Uni.createFrom().item(loaded);
  }
}
