package org.tokenbroker.platform;

import io.smallrye.mutiny.Uni;

/** Work that runs to its end once begun, whether or not somebody still waits for its outcome. */
public final class Unstoppable {
  private Unstoppable() {}

  /** A subscriber that goes away gets no outcome, but does not cancel the work. */
  public static <T> Uni<T> of(Uni<T> work) {
    return Uni.createFrom()
        .emitter(emitter -> work.subscribe().with(emitter::complete, emitter::fail));
  }
}
