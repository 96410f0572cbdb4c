package org.tokenbroker.event.schedule;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.Courier;
import org.tokenbroker.event.Delivery;
import org.tokenbroker.event.DeliveryPolicy;
import org.tokenbroker.event.EventConfig;
import org.tokenbroker.event.EventLog;
import org.tokenbroker.event.EventObserver;
import org.tokenbroker.event.Outbox;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.Rounds;

/**
 * Puts new events in order, leases what is due and hands it to the {@link Courier}, each apart, so
 * that a slow webhook holds up nothing but itself.
 */
@ApplicationScoped
public class Dispatch {
  /** Deliveries that one webhook has under way from this replica at most. */
  static final int EACH = 4;

  private static final Logger LOG = Logger.getLogger(Dispatch.class);
  private static final int PLACED_AT_ONCE = 500;
  private static final int MOST_UNDER_WAY = 256;
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(20);
  private static final Duration DRAIN = DeliveryPolicy.TIMEOUT.plusSeconds(2);

  private final EventLog log;
  private final Outbox outbox;
  private final Courier courier;
  private final EventObserver observer;
  private final Apart apart;
  private final EventConfig config;
  private final InstantSource time;
  private final Map<Delivery, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private volatile @Nullable Cancellable ticking;

  Dispatch(
      EventLog log,
      Outbox outbox,
      Courier courier,
      EventObserver observer,
      Apart apart,
      EventConfig config,
      InstantSource time) {
    this.log = log;
    this.outbox = outbox;
    this.courier = courier;
    this.observer = observer;
    this.apart = apart;
    this.config = config;
    this.time = time;
  }

  void start(@Observes StartupEvent started) {
    ticking =
        Rounds.every(
            config.dispatchEvery(),
            this::guarded,
            failure -> LOG.errorf("Delivering events stopped: %s", failure.getClass().getName()));
  }

  /**
   * Leases nothing more, and lets what is under way come to its end: else its receiver would get it
   * twice. Runs after refreshing has stopped and before the stores are shut down.
   */
  void stop(@Observes @Priority(2) ShutdownEvent stopping) {
    Cancellable ticks = ticking;
    if (ticks != null) {
      ticks.cancel();
    }
    try {
      CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
          .get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      LOG.warnf("Leaving with %d deliveries under way: they are repeated", underWay.size());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Uni<Void> guarded() {
    return Rounds.guarded(
        () -> apart.run(this::round),
        LONGEST_ROUND,
        failure -> LOG.errorf("Delivering events failed: %s", failure.getClass().getName()));
  }

  private Uni<Void> round() {
    Instant now = time.instant();
    return log.place(PLACED_AT_ONCE, now, now.plus(config.giveUpAfter()))
        .invoke(observer::placed)
        .chain(this::deliverDue);
  }

  private Uni<Void> deliverDue() {
    int room = MOST_UNDER_WAY - underWay.size();
    if (room <= 0) {
      return Uni.createFrom().voidItem();
    }
    Instant now = time.instant();
    return outbox
        .claim(now, EACH, room, room())
        .invoke(claimed -> claimed.forEach(delivery -> deliver(delivery, now)))
        .replaceWithVoid();
  }

  private void deliver(Delivery delivery, Instant leasedAt) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    underWay.put(delivery, end);
    apart
        .run(() -> courier.deliver(delivery, leasedAt))
        .onTermination()
        .invoke(() -> ended(delivery, end))
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.errorf(
                    "Delivering event %s to webhook %s failed: %s",
                    delivery.event().stamp().id(),
                    delivery.webhook(),
                    failure.getClass().getName()));
  }

  private void ended(Delivery delivery, CompletableFuture<Void> end) {
    underWay.remove(delivery);
    end.complete(null);
  }

  private Map<WebhookId, Integer> room() {
    Set<Delivery> now = Set.copyOf(underWay.keySet());
    return now.stream()
        .collect(
            Collectors.groupingBy(
                Delivery::webhook,
                Collectors.collectingAndThen(
                    Collectors.counting(), number -> EACH - number.intValue())));
  }
}
