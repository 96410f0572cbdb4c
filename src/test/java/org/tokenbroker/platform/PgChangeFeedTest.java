package org.tokenbroker.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;

/** Against a real PostgreSQL that cuts connections when it is told to. */
class PgChangeFeedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Postgres.Database POSTGRES = Postgres.shared().freshDatabase();
  private static final MigratedDatabase DATABASE = MigratedDatabase.of(POSTGRES);
  private static final String LISTENERS =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN token_broker'";

  private static final int CONNECTIONS = 3;

  private final Vertx vertx = Vertx.vertx();
  private final Pool pool =
      new Pool(
          PgBuilder.pool()
              .connectingTo(
                  PgConnectOptions.fromUri(POSTGRES.reactiveUrl())
                      .setUser(POSTGRES.username())
                      .setPassword(POSTGRES.password()))
              .with(new PoolOptions().setMaxSize(CONNECTIONS))
              .using(vertx)
              .build());
  private final List<ChangeFeed.Change> heard = new CopyOnWriteArrayList<>();
  private final PgChangeFeed feed = new PgChangeFeed(pool, vertx);

  @AfterEach
  void close() {
    feed.stop(new ShutdownEvent());
    pool.close().await().atMost(PATIENCE);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @AfterAll
  static void drop() {
    DATABASE.close();
  }

  @Test
  @Requirement("G8")
  void aConnectionThatBreaksUnderItsListenIsReplacedByOneAndNotByTwo() {
    feed.subscribe(heard::add);
    List<SqlConnection> busy = leaveOneThatIsAboutToBreak();
    feed.start(new StartupEvent());
    busy.forEach(SqlConnection::close);

    listensOnce();

    POSTGRES.execute("NOTIFY token_broker, 'connection acme'");
    Awaitility.await().atMost(PATIENCE).until(() -> !heard.isEmpty());
    assertThat(heard).containsExactly(new ChangeFeed.Change("connection", "acme"));
  }

  @Test
  @Requirement("G8")
  void aConnectionThatIsCutWhileItListensIsReplaced() {
    feed.start(new StartupEvent());
    listensOnce();
    List<String> before = POSTGRES.column(LISTENERS);

    POSTGRES.cutConnections();

    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> POSTGRES.column(LISTENERS), now -> now.size() == 1 && !now.equals(before));
    listensOnce();
  }

  /** Both timers of an attempt that counted twice run out within this time. */
  private static void listensOnce() {
    Awaitility.await()
        .during(Duration.ofMillis(1500))
        .atMost(PATIENCE)
        .until(() -> POSTGRES.column(LISTENERS).size() == 1);
  }

  /**
   * Its end stands before the LISTEN in its queue. It belongs to another event loop than the feed's
   * own, as connections of a pool that has no room for another may do: the failure of the statement
   * and the end of the connection are told one by one then. Its thread is a new one: those of the
   * common pool may still have the class loader of an application that was tested before.
   *
   * @return the others, so that the feed gets this one
   */
  private List<SqlConnection> leaveOneThatIsAboutToBreak() {
    try (ExecutorService apart = Executors.newSingleThreadExecutor()) {
      return CompletableFuture.supplyAsync(this::occupied, apart).join();
    }
  }

  private List<SqlConnection> occupied() {
    List<SqlConnection> all =
        Stream.generate(() -> pool.getConnectionAndAwait().getDelegate())
            .limit(CONNECTIONS)
            .toList();
    SqlConnection breaking = all.getFirst();
    breaking.query("SELECT pg_sleep(0.5), pg_terminate_backend(pg_backend_pid())").execute();
    breaking.close();
    return all.subList(1, CONNECTIONS);
  }
}
