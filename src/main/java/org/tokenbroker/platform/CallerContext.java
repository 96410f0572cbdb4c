package org.tokenbroker.platform;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Brings a reply back to the Vert.x context on which it was asked for: work shared by several
 * callers, or guarded by a pool, ends on a thread of its own.
 */
public final class CallerContext {
  private CallerContext() {}

  public static <T> Uni<T> keep(Uni<T> call) {
    return Uni.createFrom().deferred(() -> onto(Vertx.currentContext(), call));
  }

  private static <T> Uni<T> onto(@Nullable Context context, Uni<T> call) {
    return context == null ? call : call.emitOn(reply -> context.runOnContext(none -> reply.run()));
  }
}
