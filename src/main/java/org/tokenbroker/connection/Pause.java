package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** Waiting without blocking; tests run it by hand. */
@FunctionalInterface
public interface Pause {
  Uni<Void> of(Duration time);
}
