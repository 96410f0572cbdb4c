package org.tokenbroker.sandbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL without a container: unpacked, initialized and started from the class path. Its
 * data folder outlives it, and a server that a killed JVM left behind is ended before a new one
 * starts.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {
  /** The database that is always there. */
  public static final String DATABASE = "tokenbroker";

  /** The only role; loopback connections need no password. */
  public static final String USER = "postgres";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final FileChannel lockFile;
  private final EmbeddedPostgres postgres;

  private EmbeddedPostgresServer(Path folder, FileChannel lockFile, EmbeddedPostgres postgres) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.postgres = postgres;
  }

  /**
   * Starts, and waits until connections are accepted.
   *
   * @param folder keeps {@code data/} and the log {@code postgres.log}; made if missing
   * @param port on 127.0.0.1; 0 takes a free one
   * @throws IllegalStateException if another running process uses the folder
   * @throws UncheckedIOException if the folder cannot be written, or the server does not start: the
   *     log says why
   */
  public static EmbeddedPostgresServer start(Path folder, int port) {
    try {
      Files.createDirectories(folder);
      FileChannel lockFile = lock(folder);
      try {
        LeftoverPostmaster.in(folder.resolve("data")).end();
        EmbeddedPostgresServer server =
            new EmbeddedPostgresServer(folder, lockFile, launch(folder, port));
        server.createDatabase(DATABASE);
        return server;
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PostgreSQL does not start in " + folder + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return postgres.getPort();
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  /** For {@code quarkus.datasource.reactive.url}. */
  public String reactiveUrl(String database) {
    return "postgresql://127.0.0.1:" + port() + "/" + database;
  }

  public DataSource dataSource(String database) {
    return postgres.getDatabase(USER, database);
  }

  public Path log() {
    return log(folder);
  }

  /** Process id of the postmaster. */
  public long pid() {
    return LeftoverPostmaster.in(folder.resolve("data"))
        .pid()
        .orElseThrow(() -> new IllegalStateException("PostgreSQL in " + folder + " does not run"));
  }

  /**
   * Creates a database unless it exists. The name is an identifier of a to z, digits and
   * underscore.
   */
  public void createDatabase(String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException("not a database name: " + name);
    }
    try (Connection connection = dataSource(USER).getConnection();
        PreparedStatement find =
            connection.prepareStatement("select 1 from pg_database where datname = ?");
        Statement create = connection.createStatement()) {
      find.setString(1, name);
      try (ResultSet found = find.executeQuery()) {
        if (!found.next()) {
          create.execute("create database " + name);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create database " + name, e);
    }
  }

  /** Stops the server; its data stays. */
  @Override
  public void close() {
    try (lockFile) {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL in " + folder + " does not stop", e);
    }
  }

  private static EmbeddedPostgres launch(Path folder, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .setPort(port)
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("synchronous_commit", "on")
        .setPGStartupWait(PATIENCE)
        .setOutputRedirector(Redirect.appendTo(log(folder).toFile()))
        .setErrorRedirector(Redirect.appendTo(log(folder).toFile()))
        .start();
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel).isEmpty()) {
      channel.close();
      throw new IllegalStateException("another running process uses the database in " + folder);
    }
    return channel;
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return Optional.ofNullable(lock);
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("postgres.log");
  }
}
