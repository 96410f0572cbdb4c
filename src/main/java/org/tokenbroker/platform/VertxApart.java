package org.tokenbroker.platform;

import static java.util.Objects.requireNonNull;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work apart on duplicated Vert.x contexts, which Hibernate Reactive and the log's context data
 * need.
 */
@ApplicationScoped
public class VertxApart implements Apart {
  private final Vertx vertx;

  VertxApart(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public <T> Uni<T> run(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(() -> onOwnContext(work).emitOn(backTo(Vertx.currentContext())));
  }

  private <T> Uni<T> onOwnContext(Supplier<Uni<T>> work) {
    Context own =
        requireNonNull(VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
    VertxContextSafetyToggle.setContextSafe(own, true);
    return Uni.createFrom()
        .emitter(
            emitter ->
                own.runOnContext(
                    started ->
                        Uni.createFrom()
                            .deferred(work::get)
                            .subscribe()
                            .with(emitter::complete, emitter::fail)));
  }

  private static Executor backTo(@Nullable Context subscriber) {
    return task -> {
      if (subscriber == null || Vertx.currentContext() == subscriber) {
        task.run();
      } else {
        subscriber.runOnContext(back -> task.run());
      }
    };
  }
}
