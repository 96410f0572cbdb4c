package org.tokenbroker.platform;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Work that is done again and again, one round at a time. */
public final class Rounds {
  private Rounds() {}

  /**
   * Until it is cancelled. A round that is due while the one before goes on is left out.
   *
   * @param round {@link #guarded}, or else the first one that fails is the last
   * @param stopped hears why there are no more rounds
   */
  public static Cancellable every(
      Duration period, Supplier<Uni<Void>> round, Consumer<Throwable> stopped) {
    return Multi.createFrom()
        .ticks()
        .every(period)
        .onOverflow()
        .drop()
        .onItem()
        .transformToUniAndConcatenate(tick -> round.get())
        .subscribe()
        .with(done -> {}, stopped);
  }

  /**
   * One failed or hanging round must not be the last.
   *
   * @param longest after which it counts as failed
   * @param failed hears why
   */
  public static Uni<Void> guarded(
      Supplier<Uni<Void>> round, Duration longest, Consumer<Throwable> failed) {
    return Uni.createFrom()
        .deferred(round::get)
        .ifNoItem()
        .after(longest)
        .fail()
        .onFailure()
        .invoke(failed)
        .onFailure()
        .recoverWithNull();
  }
}
