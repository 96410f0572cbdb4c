package org.tokenbroker.refresh;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How refreshing runs. The defaults fit thousands of connections per replica. */
@ConfigMapping(prefix = "token-broker.refresh")
public interface RefreshConfig {
  /** How often a replica looks for what is due. From 100 ms to 30 s. */
  @WithDefault("1s")
  Duration sweepEvery();

  /** Refreshes that one replica has in flight at most, over all providers. From 1. */
  @WithDefault("64")
  int maxInFlight();

  /**
   * Refreshes in flight at most right after the start; doubles every 10 s up to {@code
   * max-in-flight}. From 1.
   */
  @WithDefault("8")
  int startInFlight();

  /**
   * How long a stopping replica waits for refreshes in flight and for what is not durable yet. Less
   * than the pod's grace period.
   */
  @WithDefault("25s")
  Duration drain();
}
