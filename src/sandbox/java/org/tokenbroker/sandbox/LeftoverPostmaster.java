package org.tokenbroker.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What {@code postmaster.pid} tells of a data folder's server: whether it still runs after the JVM
 * that started it was killed.
 */
final class LeftoverPostmaster {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path data;
  private final Path pidFile;

  private LeftoverPostmaster(Path data) {
    this.data = data;
    this.pidFile = data.resolve("postmaster.pid");
  }

  static LeftoverPostmaster in(Path data) {
    return new LeftoverPostmaster(data);
  }

  /** The server's process id while it runs. */
  Optional<Long> pid() {
    return process().map(ProcessHandle::pid);
  }

  /**
   * Ends it, if it runs, and removes the file: its process id may belong to somebody else by now,
   * whom PostgreSQL would mistake for a server.
   */
  void end() throws IOException {
    Optional<ProcessHandle> running = process();
    if (running.isPresent() && !ends(running.get(), running.get().destroy())) {
      throw new IOException(
          "a PostgreSQL from an earlier run, process " + running.get().pid() + ", does not end");
    }
    Files.deleteIfExists(pidFile);
  }

  private Optional<ProcessHandle> process() {
    try {
      List<String> lines = Files.readAllLines(pidFile);
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(this::isOurs);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean isOurs(ProcessHandle process) {
    return process.isAlive()
        && process.info().command().filter(command -> command.endsWith("postgres")).isPresent()
        && process.info().arguments().map(List::of).orElse(List.of()).contains(data.toString());
  }

  private static boolean ends(ProcessHandle process, boolean asked) {
    try {
      if (asked) {
        process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      return asked;
    } catch (TimeoutException e) {
      return process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      return !process.isAlive();
    }
  }
}
