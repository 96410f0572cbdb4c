package org.tokenbroker.safe.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafeHealth;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.safe.SecretSafeContract;

class EmbeddedSecretSafeTest extends SecretSafeContract {
  private static final SafeDocument DOCUMENT =
      new SafeDocument(Map.of("refresh_token", "planted-value-81f0"));

  private static Path folder;
  private static Postgres postgres;
  private static Postgres.Database database;
  private static Vertx vertx;
  private static Pool pool;
  private static EmbeddedSecretSafe safe;

  @BeforeAll
  static void start(@TempDir Path own) {
    folder = own;
    postgres = Postgres.start();
    database = postgres.freshDatabase();
    Flyway.configure()
        .dataSource(database.jdbcUrl(), database.username(), database.password())
        .locations("classpath:db/sandbox")
        .load()
        .migrate();
    vertx = Vertx.vertx();
    PgConnectOptions options =
        PgConnectOptions.fromUri(database.reactiveUrl())
            .setUser(database.username())
            .setPassword(database.password());
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(4))
            .connectingTo(options)
            .using(vertx)
            .build();
    safe = opened("key.json");
  }

  @AfterAll
  static void stop() {
    pool.closeAndAwait();
    vertx.closeAndAwait();
    postgres.close();
  }

  @Override
  protected SecretSafe safe() {
    return safe;
  }

  @Override
  protected SafeHealth health() {
    return safe;
  }

  @Override
  protected long readableVersions(SafePath path) {
    return database.column("select version from embedded_safe where path = '" + path + "'").size();
  }

  @Override
  protected void takeDown() {
    postgres.stop();
  }

  @Override
  protected void bringBack() {
    postgres.restart();
  }

  @Test
  void theDatabaseHoldsNoValueAndNoFieldNameInClear() {
    get(safe.write(new SafePath("embedded/clear"), DOCUMENT, SafeVersion.ABSENT));

    assertThat(bytesOf("embedded/clear"))
        .isNotEmpty()
        .doesNotContain(hex("planted-value-81f0"))
        .doesNotContain(hex("refresh_token"));
  }

  @Test
  void aRowThatIsMovedToAnotherPathDoesNotOpen() {
    get(safe.write(new SafePath("embedded/from"), DOCUMENT, SafeVersion.ABSENT));

    database.execute("update embedded_safe set path = 'embedded/to' where path = 'embedded/from'");

    assertThat(get(safe.read(new SafePath("embedded/to"))))
        .isEqualTo(new SafeRead.Unavailable(SafeFault.CORRUPT));
  }

  @Test
  void aRowThatIsPutBackAsALaterVersionDoesNotOpen() {
    get(safe.write(new SafePath("embedded/replayed"), DOCUMENT, SafeVersion.ABSENT));

    database.execute("update embedded_safe set version = 2 where path = 'embedded/replayed'");

    assertThat(get(safe.read(new SafePath("embedded/replayed"))))
        .isEqualTo(new SafeRead.Unavailable(SafeFault.CORRUPT));
  }

  @Test
  void theNextStartReadsWithTheSameKeyFileAndWithNoOther() {
    SafePath path = new SafePath("embedded/restart");
    get(safe.write(path, DOCUMENT, SafeVersion.ABSENT));

    assertThat(get(opened("key.json").read(path)))
        .isEqualTo(new SafeRead.Found(DOCUMENT, new SafeVersion(1)));
    assertThat(get(opened("other.json").read(path)))
        .isEqualTo(new SafeRead.Unavailable(SafeFault.CORRUPT));
  }

  @Test
  void theKeyFileIsReadableByItsOwnerOnlyAndNothingElseIsLeftBeside(@TempDir Path own)
      throws IOException {
    Path key = own.resolve("deep/key.json");
    new KeyFile(key).open();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    try (var files = Files.list(key.getParent())) {
      assertThat(files).containsExactly(key);
    }
  }

  @Test
  void aKeyFileThatIsOpenToOthersIsRefusedByName(@TempDir Path own) throws IOException {
    Path key = own.resolve("key.json");
    new KeyFile(key).open();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> new KeyFile(key).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(key.toString())
        .hasMessageContaining("chmod 600");
  }

  @Test
  void aKeyFileWithoutAKeyIsRefusedAndNotReplaced(@TempDir Path own) throws IOException {
    Path key = own.resolve("key.json");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

    assertThatThrownBy(() -> new KeyFile(key).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(key.toString());
    assertThat(key).isEmptyFile();
  }

  @Test
  void aLockedTableIsUnreachableWhenTheTimeIsUp() throws SQLException {
    SafePath path = new SafePath("embedded/locked");
    get(safe.write(path, DOCUMENT, SafeVersion.ABSENT));
    try (Connection other =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("lock table embedded_safe in access exclusive mode");

      assertThat(get(safe.read(path))).isEqualTo(new SafeRead.Unavailable(SafeFault.UNREACHABLE));
    }
  }

  private static EmbeddedSecretSafe opened(String keyFile) {
    return new EmbeddedSecretSafe(pool, folder.resolve(keyFile), Clock.systemUTC());
  }

  private static String bytesOf(String path) {
    List<String> rows =
        database.column(
            "select encode(ciphertext, 'hex') from embedded_safe where path = '" + path + "'");
    return rows.getFirst();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
