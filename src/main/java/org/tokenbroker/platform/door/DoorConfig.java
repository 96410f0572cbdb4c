package org.tokenbroker.platform.door;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The doors. */
@ConfigMapping(prefix = "token-broker.door")
public interface DoorConfig {
  /**
   * A TLS connection is closed that long after its first request (E9), and at the end of its client
   * certificate if that comes first, so that a withdrawn certificate authority takes effect within
   * this time. Positive.
   */
  @WithDefault("10m")
  Duration maxConnectionAge();
}
