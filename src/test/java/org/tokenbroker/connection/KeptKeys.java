package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.fixture.SilentLedger;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;

/** The ledger of connections that are API keys, in memory. */
final class KeptKeys extends SilentLedger {
  private final Map<ConnectionId, Connection> rows = new HashMap<>();
  private final List<Runnable> beforeNextKeyed = new ArrayList<>();
  private boolean silent;

  /** The next statement that tells of a key does not reach the store. */
  void goSilentOnce() {
    silent = true;
  }

  /** Something happens between the safe and the ledger, once. */
  void beforeNextKeyed(Runnable interference) {
    beforeNextKeyed.add(interference);
  }

  void forget(ConnectionId id) {
    rows.remove(id);
  }

  void is(ConnectionId id, Health health) {
    rows.computeIfPresent(id, (key, row) -> with(row, health, row.issued(), row.requested()));
  }

  @Override
  public Uni<LedgerRead> find(ConnectionId id) {
    return Uni.createFrom()
        .item(
            () ->
                Optional.ofNullable(rows.get(id))
                    .<LedgerRead>map(LedgerRead.Found::new)
                    .orElseGet(LedgerRead.Unknown::new));
  }

  @Override
  public Uni<Creation> create(Connection connection) {
    return Uni.createFrom()
        .item(
            () -> {
              Connection existing = rows.putIfAbsent(connection.id(), connection);
              return existing == null
                  ? new Creation.Created(connection)
                  : new Creation.Exists(existing);
            });
  }

  @Override
  public Uni<LedgerWrite> keyed(
      ConnectionId id, Generation generation, Scopes scopes, Instant begunAt, Instant now) {
    return Uni.createFrom()
        .item(
            () -> {
              if (!beforeNextKeyed.isEmpty()) {
                beforeNextKeyed.removeFirst().run();
              }
              if (silent) {
                silent = false;
                return new LedgerWrite.Unavailable();
              }
              return keyed(Optional.ofNullable(rows.get(id)), generation, scopes, begunAt, now);
            });
  }

  private LedgerWrite keyed(
      Optional<Connection> row,
      Generation generation,
      Scopes scopes,
      Instant begunAt,
      Instant now) {
    if (row.isEmpty()) {
      return new LedgerWrite.Unknown();
    }
    boolean isRevokedSince =
        row.get().health() instanceof Health.Revoked revoked
            && !(revoked.erased() && revoked.isBefore(begunAt));
    if (isRevokedSince || row.get().issued().isNewerThan(generation)) {
      return new LedgerWrite.NotNow(row.get());
    }
    Connection keyed = with(row.get(), new Health.Active(now), generation, scopes);
    rows.put(keyed.id(), keyed);
    return new LedgerWrite.Done(keyed);
  }

  private static Connection with(
      Connection row, Health health, Generation generation, Scopes scopes) {
    return new Connection(
        row.id(),
        row.tenant(),
        row.registration(),
        row.provider(),
        row.grant(),
        scopes,
        health,
        Optional.empty(),
        generation,
        Optional.empty(),
        Optional.empty(),
        row.metadata(),
        row.facts(),
        row.createdAt(),
        row.updatedAt());
  }
}
