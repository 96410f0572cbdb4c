package org.tokenbroker.platform;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.time.InstantSource;

/** The only clock: everything else gets its time as an {@link InstantSource}. */
@ApplicationScoped
public class SystemTime {
  @Produces
  @ApplicationScoped
  InstantSource instants() {
    return Clock.systemUTC();
  }
}
