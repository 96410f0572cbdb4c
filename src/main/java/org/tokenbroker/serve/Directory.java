package org.tokenbroker.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Candidates;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connections;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.serve.Target.AtProvider;
import org.tokenbroker.serve.Target.Lookup;
import org.tokenbroker.serve.Target.UnderRegistration;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/**
 * Which connections a lookup may mean, in memory. What it finds is checked by {@link #isMeant}
 * before it is served.
 */
final class Directory {
  private static final Logger LOG = Logger.getLogger(Directory.class);
  private static final Duration KNOWN_MISSING_FOR = Duration.ofSeconds(1);

  private final Connections connections;
  private final InstantSource time;
  private final Apart apart;
  private final Cache<Lookup, List<ConnectionId>> known;
  private final Cache<Lookup, Instant> missing;
  private final Cache<ConnectionId, Boolean> examined;
  private final SingleFlight<Lookup, Resolved> lookups;

  Directory(Connections connections, Apart apart, InstantSource time, int capacity) {
    this.connections = connections;
    this.time = time;
    this.apart = apart;
    this.known = bounded(capacity);
    this.missing = bounded(capacity);
    this.examined = bounded(capacity);
    this.lookups = new SingleFlight<>(apart);
  }

  /** Outcome of a lookup. */
  sealed interface Resolved {
    /**
     * @param ids at least one; of several the scopes that are asked for tell which
     */
    record Meant(List<ConnectionId> ids) implements Resolved {}

    /** There is none, or so many that they are not told apart. */
    record Nobody() implements Resolved {}

    record Unavailable() implements Resolved {}
  }

  Uni<Resolved> resolve(Lookup lookup) {
    List<ConnectionId> ids = known.getIfPresent(lookup);
    if (ids != null) {
      return Uni.createFrom().item(new Resolved.Meant(ids));
    }
    Instant until = missing.getIfPresent(lookup);
    if (until != null && time.instant().isBefore(until)) {
      return Uni.createFrom().item(new Resolved.Nobody());
    }
    return lookups.join(lookup, () -> read(lookup).map(read -> keep(lookup, read)), () -> {});
  }

  /** Whether that connection is still the one: ids may be given again after a deletion. */
  static boolean isMeant(Lookup lookup, Connection connection) {
    return connection.belongsTo(lookup.tenant())
        && switch (lookup) {
          case UnderRegistration(var tenant, var registration) ->
              connection.registration().equals(registration);
          case AtProvider(var tenant, var provider) -> connection.provider().equals(provider);
        };
  }

  /** One of them is not what it was: its id may be given to another. */
  void forget(Lookup lookup) {
    List<ConnectionId> ids = known.getIfPresent(lookup);
    if (ids != null) {
      examined.invalidateAll(ids);
    }
    known.invalidate(lookup);
  }

  /**
   * A connection that this directory never saw may be meant by a lookup too: it is looked at once.
   */
  void changed(ConnectionId id) {
    if (known.estimatedSize() == 0 || examined.getIfPresent(id) != null) {
      return;
    }
    apart
        .run(() -> connections.find(id))
        .subscribe()
        .with(
            this::examine,
            failure ->
                LOG.errorf(
                    "Looking at connection %s failed: %s", id, failure.getClass().getName()));
  }

  private void examine(LedgerRead read) {
    switch (read) {
      case LedgerRead.Found(Connection connection) -> {
        connection.tenant().ifPresent(tenant -> forgetLookups(tenant, connection));
      }
      case LedgerRead.Unknown unknown -> {}
      case LedgerRead.Unavailable unavailable -> {}
    }
  }

  /** Until it has a tenant, it is looked at again with each change. */
  private void forgetLookups(TenantId tenant, Connection connection) {
    examined.put(connection.id(), true);
    known.invalidate(new UnderRegistration(tenant, connection.registration()));
    known.invalidate(new AtProvider(tenant, connection.provider()));
  }

  private Uni<Candidates> read(Lookup lookup) {
    return switch (lookup) {
      case UnderRegistration(var tenant, var registration) ->
          connections.find(tenant, registration);
      case AtProvider(var tenant, var provider) -> connections.find(tenant, provider);
    };
  }

  private Resolved keep(Lookup lookup, Candidates read) {
    return switch (read) {
      case Candidates.Found(List<Connection> connections) when !connections.isEmpty() -> {
        List<ConnectionId> ids = connections.stream().map(Connection::id).toList();
        known.put(lookup, ids);
        ids.forEach(id -> examined.put(id, true));
        yield new Resolved.Meant(ids);
      }
      case Candidates.Found none -> {
        missing.put(lookup, time.instant().plus(KNOWN_MISSING_FOR));
        yield new Resolved.Nobody();
      }
      case Candidates.Unavailable unavailable -> new Resolved.Unavailable();
    };
  }

  private static <K, V> Cache<K, V> bounded(int capacity) {
    return Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
  }
}
