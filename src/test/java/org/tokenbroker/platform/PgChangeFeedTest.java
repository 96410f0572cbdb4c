package org.tokenbroker.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger cuts = new AtomicInteger();
  private final Pool pool =
      new Pool(
          PgBuilder.pool()
              .connectingTo(
                  PgConnectOptions.fromUri(POSTGRES.reactiveUrl())
                      .setUser(POSTGRES.username())
                      .setPassword(POSTGRES.password())
                      .setPipeliningLimit(1))
              .withConnectHandler(this::opened)
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
  @Requirement("G-8")
  void aConnectionThatBreaksUnderItsListenIsReplacedByOneAndNotByTwo() {
    cuts.set(1);
    feed.subscribe(heard::add);
    feed.start(new StartupEvent());

    listensOnce();

    POSTGRES.execute("NOTIFY token_broker, 'connection acme'");
    Awaitility.await().atMost(PATIENCE).until(() -> !heard.isEmpty());
    assertThat(heard).containsExactly(new ChangeFeed.Change("connection", "acme"));
    assertThat(cuts).as("it was cut").hasNegativeValue();
  }

  @Test
  @Requirement("G-8")
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

  /** What comes first on the new connection is its end; LISTEN waits behind it. */
  private void opened(SqlConnection connection) {
    if (cuts.getAndDecrement() > 0) {
      connection.query("SELECT pg_terminate_backend(pg_backend_pid())").execute();
    }
    connection.close();
  }
}
