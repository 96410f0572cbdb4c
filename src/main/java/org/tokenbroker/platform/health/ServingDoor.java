package org.tokenbroker.platform.health;

import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/**
 * Knows whether port 8443 accepts. The management port answers earlier, so a probe must not take
 * its own answer for that.
 */
@ApplicationScoped
public class ServingDoor {
  private volatile boolean accepting;

  void opened(@ObservesAsync HttpsServerStart started) {
    accepting = true;
  }

  boolean accepting() {
    return accepting;
  }
}
