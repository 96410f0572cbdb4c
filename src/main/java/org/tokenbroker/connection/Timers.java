package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Real waiting, on the timer threads of Mutiny. */
@ApplicationScoped
class Timers {
  @Produces
  @ApplicationScoped
  Pause pause() {
    return time ->
        time.isZero() || time.isNegative()
            ? Uni.createFrom().voidItem()
            : Uni.createFrom().voidItem().onItem().delayIt().by(time);
  }
}
