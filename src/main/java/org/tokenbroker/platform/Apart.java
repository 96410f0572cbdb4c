package org.tokenbroker.platform;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * Runs work that several requests share, apart from the context of the request that happened to
 * start it.
 */
public interface Apart {
  /**
   * The work runs on a context of its own, so that it neither ends with a request nor writes that
   * request's id on its log lines. The outcome arrives on the subscriber's context. Where the
   * subscriber has none, it arrives on the work's.
   */
  <T> Uni<T> run(Supplier<Uni<T>> work);
}
