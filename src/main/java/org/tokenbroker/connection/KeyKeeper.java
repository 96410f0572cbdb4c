package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * Keeps an API key as the newest of its connection: durable first, then told to the ledger, by
 * which every replica hears of it. Whatever fails between the two is completed by the same call
 * again.
 */
@ApplicationScoped
class KeyKeeper {
  private static final int WRITE_ATTEMPTS = 3;

  private final ApiKeys keys;
  private final Ledger ledger;
  private final InstantSource time;

  KeyKeeper(ApiKeys keys, Ledger ledger, InstantSource time) {
    this.keys = keys;
    this.ledger = ledger;
    this.time = time;
  }

  /** Outcome of keeping. */
  sealed interface Kept {
    /**
     * @param connection as it is now
     */
    record Done(Connection connection) implements Kept {}

    /** The connection was deleted meanwhile; nothing of the key is left. */
    record Unknown() implements Kept {}

    /** The connection was revoked meanwhile; nothing of the key is left. */
    record Revoked() implements Kept {}

    record Unavailable() implements Kept {}
  }

  /** The same key for the same scopes keeps its generation. */
  Uni<Kept> keep(Connection connection, Secret value, Scopes scopes) {
    boolean isBeingErased =
        connection.health() instanceof Health.Revoked revoked && !revoked.erased();
    return isBeingErased
        ? kept(new Kept.Unavailable())
        : keep(new Put(connection, value, scopes, time.instant()), WRITE_ATTEMPTS);
  }

  /**
   * A key on its way.
   *
   * @param begunAt what was revoked since then does not come back by it
   */
  private record Put(Connection connection, Secret value, Scopes scopes, Instant begunAt) {
    ConnectionId id() {
      return connection.id();
    }

    ApiKey following(Generation held) {
      Generation known = connection.issued();
      return new ApiKey(value, scopes, (held.isNewerThan(known) ? held : known).next());
    }
  }

  private Uni<Kept> keep(Put put, int attempts) {
    return keys.read(put.id())
        .chain(
            read ->
                switch (read) {
                  case ApiKeys.Read.Found(ApiKey held, SafeVersion version)
                      when held.value().equals(put.value()) && held.scopes().equals(put.scopes()) ->
                      tell(put, held);
                  case ApiKeys.Read.Found(ApiKey held, SafeVersion version) ->
                      write(put, put.following(held.generation()), version, attempts);
                  case ApiKeys.Read.Absent(SafeVersion version) ->
                      write(put, put.following(Generation.NONE), version, attempts);
                  case ApiKeys.Read.Unavailable unavailable -> kept(new Kept.Unavailable());
                });
  }

  private Uni<Kept> write(Put put, ApiKey key, SafeVersion expected, int attempts) {
    return keys.write(put.id(), key, expected)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> tell(put, key);
                  case SafeWrite.Conflict conflict when attempts > 1 -> keep(put, attempts - 1);
                  case SafeWrite.Conflict conflict -> kept(new Kept.Unavailable());
                  case SafeWrite.Unavailable unavailable -> kept(new Kept.Unavailable());
                });
  }

  /** A ledger that knows a newer key was told by whoever put that one. */
  private Uni<Kept> tell(Put put, ApiKey key) {
    return ledger
        .keyed(put.id(), key.generation(), key.scopes(), put.begunAt(), time.instant())
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done(Connection now) -> kept(new Kept.Done(now));
                  case LedgerWrite.NotNow(Connection now)
                      when now.health() instanceof Health.Revoked ->
                      keys.destroy(put.id()).replaceWith(new Kept.Revoked());
                  case LedgerWrite.NotNow(Connection now) -> kept(new Kept.Done(now));
                  case LedgerWrite.Unknown gone ->
                      keys.destroy(put.id()).replaceWith(new Kept.Unknown());
                  case LedgerWrite.Unavailable unavailable -> kept(new Kept.Unavailable());
                });
  }

  private static Uni<Kept> kept(Kept kept) {
    return Uni.createFrom().item(kept);
  }
}
