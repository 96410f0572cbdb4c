package org.tokenbroker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokenbroker.fixture.ServerProcess;

class EmbeddedPostgresServerTest {
  @TempDir Path folder;

  @Test
  void keepsItsDataBetweenRunsAndItsNoiseInAFile() throws Exception {
    try (EmbeddedPostgresServer first = EmbeddedPostgresServer.start(folder, 0)) {
      run(first, "create table kept (word text)", "insert into kept values ('still here')");
    }

    try (EmbeddedPostgresServer second = EmbeddedPostgresServer.start(folder, 0)) {
      assertThat(select(second, "select word from kept")).isEqualTo("still here");
      assertThat(Files.readString(second.log())).contains("ready to accept connections");
    }
  }

  @Test
  void endsTheServerThatAKilledJvmLeftBehind() throws Exception {
    ServerProcess doomed =
        ServerProcess.start(
            "a JVM with PostgreSQL",
            folder,
            folder.resolve("jvm.log"),
            Map.of(),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StayingPostgres.class.getName(),
                folder.toString()));
    doomed.awaitReady(
        Duration.ofSeconds(60), () -> doomed.output().contains(StayingPostgres.READY));
    long orphan = Long.parseLong(Files.readString(folder.resolve("pid")));
    // Not kill(): that would end its children too.
    assertThat(ProcessHandle.of(doomed.pid()).orElseThrow().destroyForcibly()).isTrue();
    assertThat(doomed.hasEnded(Duration.ofSeconds(10))).isTrue();
    assertThat(ProcessHandle.of(orphan)).isPresent();

    try (EmbeddedPostgresServer again = EmbeddedPostgresServer.start(folder, 0)) {
      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(select(again, "select word from kept")).isEqualTo("committed");
    }
  }

  @Test
  void startsAfterThePostmasterItselfWasKilled() throws Exception {
    EmbeddedPostgresServer first = EmbeddedPostgresServer.start(folder, 0);
    int port = first.port();
    run(first, "create table kept (word text)", "insert into kept values ('committed')");
    assertThat(ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly()).isTrue();
    first.close();

    try (EmbeddedPostgresServer again = EmbeddedPostgresServer.start(folder, port)) {
      assertThat(again.port()).isEqualTo(port);
      assertThat(select(again, "select word from kept")).isEqualTo("committed");
    }
  }

  @Test
  void refusesAFolderInUse() {
    try (EmbeddedPostgresServer running = EmbeddedPostgresServer.start(folder, 0)) {
      assertThatThrownBy(() -> EmbeddedPostgresServer.start(folder, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(folder.toString());
      assertThat(ProcessHandle.of(running.pid())).isPresent();
    }
  }

  private static void run(EmbeddedPostgresServer server, String... statements) throws SQLException {
    try (Connection connection =
            server.dataSource(EmbeddedPostgresServer.DATABASE).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String select(EmbeddedPostgresServer server, String sql) throws SQLException {
    try (Connection connection =
            server.dataSource(EmbeddedPostgresServer.DATABASE).getConnection();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      assertThat(found.next()).isTrue();
      return found.getString(1);
    }
  }

  /** A program that starts PostgreSQL and never stops it. */
  static final class StayingPostgres {
    static final String READY = "PostgreSQL is up";

    private StayingPostgres() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      EmbeddedPostgresServer server = EmbeddedPostgresServer.start(folder, 0);
      run(server, "create table kept (word text)", "insert into kept values ('committed')");
      Files.writeString(folder.resolve("pid"), Long.toString(server.pid()));
      System.out.println(READY);
      Thread.currentThread().join();
    }
  }
}
