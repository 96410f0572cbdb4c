package org.tokenbroker.platform;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The change feed on PostgreSQL. Notifications bring changes at once; the poll finds, within 5 s,
 * what was notified while no connection listened. Each poll looks back further than the last one,
 * because a transaction may commit after a later one.
 */
@ApplicationScoped
public class PgChangeFeed implements ChangeFeed {
  private static final Logger LOG = Logger.getLogger(PgChangeFeed.class);
  private static final String CHANNEL = "token_broker";
  private static final Duration POLL_EVERY = Duration.ofSeconds(4);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
  private static final Duration LISTEN_AGAIN_AFTER = Duration.ofSeconds(1);

  /** Longer than any of our transactions may last (statement and idle time-outs). */
  private static final Duration LOOK_BACK = Duration.ofSeconds(20);

  private final Pool pool;
  private final Vertx vertx;
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final Map<Change, OffsetDateTime> found = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable OffsetDateTime> polledAt = new AtomicReference<>();
  private volatile @Nullable Cancellable polling;
  private volatile @Nullable SqlConnection listening;
  private volatile boolean current = true;
  private volatile boolean stopped;

  PgChangeFeed(Pool pool, Vertx vertx) {
    this.pool = pool;
    this.vertx = vertx;
  }

  @Override
  public void subscribe(Consumer<Change> listener) {
    listeners.add(listener);
  }

  @Override
  public boolean isCurrent() {
    return current;
  }

  void start(@Observes StartupEvent started) {
    listen();
    polling =
        Rounds.every(
            POLL_EVERY,
            this::guarded,
            failure ->
                LOG.errorf("The change feed stopped polling: %s", failure.getClass().getName()));
  }

  void stop(@Observes ShutdownEvent stopping) {
    stopped = true;
    Cancellable poll = polling;
    if (poll != null) {
      poll.cancel();
    }
    SqlConnection connection = listening;
    if (connection != null) {
      connection.close().subscribe().with(closed -> {}, failure -> {});
    }
  }

  private void listen() {
    AtomicBoolean ended = new AtomicBoolean();
    pool.getConnection()
        .chain(connection -> listenOn(connection, ended))
        .subscribe()
        .with(done -> {}, failure -> listenAgain(ended));
  }

  private Uni<Void> listenOn(SqlConnection connection, AtomicBoolean ended) {
    listening = connection;
    PgConnection.cast(connection.getDelegate())
        .notificationHandler(notification -> heard(notification.getPayload()))
        .closeHandler(closed -> listenAgain(ended));
    return connection
        .query("LISTEN " + CHANNEL)
        .execute()
        .replaceWithVoid()
        .onFailure()
        .call(connection::close);
  }

  /**
   * @param ended whether this attempt has ended before: a connection that breaks under {@code
   *     LISTEN} says so twice
   */
  private void listenAgain(AtomicBoolean ended) {
    if (ended.compareAndSet(false, true) && !stopped) {
      vertx.setTimer(LISTEN_AGAIN_AFTER.toMillis(), timer -> listen());
    }
  }

  private void heard(String payload) {
    int space = payload.indexOf(' ');
    tell(new Change(payload.substring(0, space), payload.substring(space + 1)));
  }

  /** The first poll only takes the time: nothing older can be in any memory of this process. */
  private Uni<Void> guarded() {
    return Uni.createFrom()
        .deferred(this::poll)
        .ifNoItem()
        .after(LONGEST_POLL)
        .fail()
        .replaceWith(true)
        .onFailure()
        .invoke(
            failure -> LOG.warnf("The change feed did not hear: %s", failure.getClass().getName()))
        .onFailure()
        .recoverWithItem(false)
        .invoke(heard -> current = heard)
        .replaceWithVoid();
  }

  private Uni<Void> poll() {
    OffsetDateTime last = polledAt.get();
    Uni<RowSet<Row>> rows =
        last == null
            ? pool.query("SELECT NULL AS kind, NULL AS id, clock_timestamp() AS polled_at")
                .execute()
            : pool.preparedQuery(
                    """
                    SELECT c.kind, c.id, c.changed_at, t.polled_at
                    FROM (SELECT clock_timestamp() AS polled_at) t LEFT JOIN change c ON c.changed_at >= $1""")
                .execute(Tuple.of(last.minus(LOOK_BACK)));
    return rows.invoke(this::found).replaceWithVoid();
  }

  private void found(RowSet<Row> rows) {
    for (Row row : rows) {
      polledAt.set(row.getOffsetDateTime("polled_at"));
      String kind = row.getString("kind");
      if (kind != null) {
        found(new Change(kind, row.getString("id")), row.getOffsetDateTime("changed_at"));
      }
    }
    forgetOld();
  }

  /** Polls overlap, so that most of what one finds was found by the one before. */
  private void found(Change change, OffsetDateTime changedAt) {
    if (!changedAt.equals(found.put(change, changedAt))) {
      tell(change);
    }
  }

  private void forgetOld() {
    OffsetDateTime polled = polledAt.get();
    if (polled != null) {
      OffsetDateTime old = polled.minus(LOOK_BACK.multipliedBy(2));
      found.values().removeIf(changedAt -> changedAt.isBefore(old));
    }
  }

  private void tell(Change change) {
    listeners.forEach(listener -> listener.accept(change));
  }
}
