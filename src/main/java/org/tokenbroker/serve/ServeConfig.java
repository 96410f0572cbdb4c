package org.tokenbroker.serve;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How tokens are served. */
@ConfigMapping(prefix = "token-broker.serve")
public interface ServeConfig {
  /**
   * Connections whose tokens memory holds at most; the least used go first. At least 1. A token
   * takes about 2 KiB.
   */
  @WithDefault("10000")
  int hotConnections();

  /** A reader waits for a refresh at most that long. Not negative. */
  @WithDefault("2s")
  Duration longestWait();

  /**
   * Requests per second that one consumer may make of one replica over time; at least 1. Beyond it
   * answers are 429.
   */
  @WithDefault("200")
  int requestsPerSecond();

  /** Requests that one consumer may make at once after a pause; at least 1. */
  @WithDefault("400")
  int burst();

  /**
   * Secret key of the token hashes in the audit log, 32 bytes in base64: with it an issued token
   * can be found in the log, without it nobody can. Absent: a new random key at each start.
   */
  Optional<String> auditKey();
}
