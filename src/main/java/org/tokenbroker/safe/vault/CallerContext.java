package org.tokenbroker.safe.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Brings a reply back to where it was asked for: a login shared by several callers ends on one of
 * their threads only.
 */
final class CallerContext {
  private CallerContext() {}

  static <T> Uni<T> keep(Uni<T> call) {
    return Uni.createFrom().deferred(() -> onto(Vertx.currentContext(), call));
  }

  private static <T> Uni<T> onto(@Nullable Context context, Uni<T> call) {
    return context == null ? call : call.emitOn(reply -> context.runOnContext(none -> reply.run()));
  }
}
