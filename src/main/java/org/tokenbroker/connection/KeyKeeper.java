package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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

    record Unavailable() implements Kept {}
  }

  /** The same key for the same scopes keeps its generation. */
  Uni<Kept> keep(Connection connection, Secret value, Scopes scopes) {
    return keep(connection, value, scopes, WRITE_ATTEMPTS);
  }

  private Uni<Kept> keep(Connection connection, Secret value, Scopes scopes, int attempts) {
    return keys.read(connection.id())
        .chain(
            read ->
                switch (read) {
                  case ApiKeys.Read.Found(ApiKey held, SafeVersion version)
                      when held.value().equals(value) && held.scopes().equals(scopes) ->
                      tell(connection.id(), held);
                  case ApiKeys.Read.Found(ApiKey held, SafeVersion version) ->
                      write(
                          connection,
                          new ApiKey(value, scopes, next(connection, held.generation())),
                          version,
                          attempts);
                  case ApiKeys.Read.Absent(SafeVersion version) ->
                      write(
                          connection,
                          new ApiKey(value, scopes, next(connection, Generation.NONE)),
                          version,
                          attempts);
                  case ApiKeys.Read.Unavailable unavailable -> kept(new Kept.Unavailable());
                });
  }

  private Uni<Kept> write(Connection connection, ApiKey key, SafeVersion expected, int attempts) {
    return keys.write(connection.id(), key, expected)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> tell(connection.id(), key);
                  case SafeWrite.Conflict conflict when attempts > 1 ->
                      keep(connection, key.value(), key.scopes(), attempts - 1);
                  case SafeWrite.Conflict conflict -> kept(new Kept.Unavailable());
                  case SafeWrite.Unavailable unavailable -> kept(new Kept.Unavailable());
                });
  }

  /** A ledger that knows a newer key was told by whoever put that one. */
  private Uni<Kept> tell(ConnectionId id, ApiKey key) {
    return ledger
        .keyed(id, key.generation(), key.scopes(), time.instant())
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done(Connection now) -> kept(new Kept.Done(now));
                  case LedgerWrite.NotNow(Connection now) -> kept(new Kept.Done(now));
                  case LedgerWrite.Unknown gone -> keys.destroy(id).replaceWith(new Kept.Unknown());
                  case LedgerWrite.Unavailable unavailable -> kept(new Kept.Unavailable());
                });
  }

  private static Generation next(Connection connection, Generation held) {
    Generation known = connection.issued();
    return (held.isNewerThan(known) ? held : known).next();
  }

  private static Uni<Kept> kept(Kept kept) {
    return Uni.createFrom().item(kept);
  }
}
