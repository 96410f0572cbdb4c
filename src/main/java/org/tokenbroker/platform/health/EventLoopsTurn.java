package org.tokenbroker.platform.health;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive means that every event loop still runs what it is given. Nothing else: a restart mends a
 * stuck loop, and no dependency.
 */
@Liveness
@ApplicationScoped
public class EventLoopsTurn implements AsyncHealthCheck {
  /** Less than a probe's own timeout, so that the answer names the reason. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final EventExecutorGroup loops;
  private final Duration patience;

  @Inject
  EventLoopsTurn(Vertx vertx) {
    this(vertx.nettyEventLoopGroup(), PATIENCE);
  }

  EventLoopsTurn(EventExecutorGroup loops, Duration patience) {
    this.loops = loops;
    this.patience = patience;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    List<Uni<Boolean>> turns = new ArrayList<>();
    loops.forEach(loop -> turns.add(turn(loop)));
    return Uni.join().all(turns).andCollectFailures().map(EventLoopsTurn::answer);
  }

  private Uni<Boolean> turn(EventExecutor loop) {
    return Uni.createFrom()
        .<Boolean>emitter(emitter -> loop.execute(() -> emitter.complete(true)))
        .ifNoItem()
        .after(patience)
        .recoverWithItem(false)
        .onFailure()
        .recoverWithItem(false);
  }

  private static HealthCheckResponse answer(List<Boolean> turned) {
    long stuck = turned.stream().filter(turn -> !turn).count();
    return HealthCheckResponse.named("event_loops")
        .status(stuck == 0)
        .withData("stuck", stuck)
        .build();
  }
}
