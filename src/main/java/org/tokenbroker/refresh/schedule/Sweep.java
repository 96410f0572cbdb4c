package org.tokenbroker.refresh.schedule;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.DurableWriter;
import org.tokenbroker.connection.Pause;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.Rounds;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.Lease;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.OnDemand;
import org.tokenbroker.refresh.RefreshConfig;
import org.tokenbroker.refresh.Refresher;

/**
 * Claims what is due and refreshes it (K-3), within what this replica and each provider can take.
 * Starts slowly, so that a restart or the end of an outage is no burst (reliability §2.2 rule 8).
 * Each refresh runs apart: on one Vert.x context, two would share a database session.
 */
@ApplicationScoped
public class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);
  private static final Duration DOUBLE_EVERY = Duration.ofSeconds(10);
  private static final Duration LONGEST_SWEEP = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Lease lease;
  private final Refresher refresher;
  private final OnDemand onDemand;
  private final Profiles profiles;
  private final DurableWriter writer;
  private final Pause pause;
  private final Apart apart;
  private final RefreshConfig config;
  private final InstantSource time;
  private final MeterRegistry metrics;
  private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
  private volatile Instant startedAt = Instant.EPOCH;
  private volatile @Nullable Cancellable ticking;

  Sweep(
      Lease lease,
      Refresher refresher,
      OnDemand onDemand,
      Profiles profiles,
      DurableWriter writer,
      Pause pause,
      Apart apart,
      RefreshConfig config,
      InstantSource time,
      MeterRegistry metrics) {
    this.lease = lease;
    this.refresher = refresher;
    this.onDemand = onDemand;
    this.profiles = profiles;
    this.writer = writer;
    this.pause = pause;
    this.apart = apart;
    this.config = config;
    this.time = time;
    this.metrics = metrics;
  }

  void start(@Observes StartupEvent started) {
    startedAt = time.instant();
    ticking =
        Rounds.every(
            config.sweepEvery(),
            this::guarded,
            failure -> LOG.errorf("The sweep stopped: %s", failure.getClass().getName()));
  }

  /**
   * Claims nothing more, and holds the shutdown until what is in flight is durable, whoever began
   * it. Runs before the stores are shut down.
   */
  void stop(@Observes @Priority(1) ShutdownEvent stopping) {
    Cancellable ticks = ticking;
    if (ticks != null) {
      ticks.cancel();
    }
    try {
      drained().subscribeAsCompletionStage().get(config.drain().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      LOG.errorf(
          "Leaving with %d refreshes in flight and %d tokens not durable",
          inFlight() + onDemand.underWay(), writer.undurable());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Refreshes in flight that the sweep started, by provider. */
  public int inFlight(String provider) {
    AtomicInteger count = inFlight.get(provider);
    return count == null ? 0 : count.get();
  }

  public int inFlight() {
    return inFlight.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private Uni<Void> guarded() {
    return Rounds.guarded(
        this::sweep,
        LONGEST_SWEEP,
        failure -> LOG.errorf("A sweep failed: %s", failure.getClass().getName()));
  }

  private Uni<Void> sweep() {
    int room = allowance(Duration.between(startedAt, time.instant())) - inFlight();
    if (room <= 0) {
      return Uni.createFrom().voidItem();
    }
    return apart
        .run(() -> lease.claimDue(time.instant(), room, room()))
        .invoke(claims -> claims.forEach(this::refresh))
        .replaceWithVoid();
  }

  private void refresh(Claim claim) {
    AtomicInteger count = inFlight.computeIfAbsent(claim.connection().provider(), this::counted);
    count.incrementAndGet();
    apart
        .run(() -> refresher.refresh(claim, false))
        .onTermination()
        .invoke(count::decrementAndGet)
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.errorf(
                    "Refreshing connection %s failed: %s",
                    claim.connection().id(), failure.getClass().getName()));
  }

  private AtomicInteger counted(String provider) {
    AtomicInteger count = new AtomicInteger();
    Gauge.builder("token_broker_refresh_in_flight", count, AtomicInteger::get)
        .description("Refreshes of this replica that are under way")
        .tag("provider", provider)
        .register(metrics);
    return count;
  }

  /** How many may be in flight: the start, doubled every 10 s up to the limit. */
  int allowance(Duration uptime) {
    long doublings = Math.min(uptime.dividedBy(DOUBLE_EVERY), 16);
    return (int) Math.min(config.maxInFlight(), (long) config.startInFlight() << doublings);
  }

  private Map<String, Integer> room() {
    return profiles.all().stream()
        .collect(
            Collectors.toMap(
                Profile::id,
                profile -> Math.max(0, profile.limits().concurrency() - inFlight(profile.id()))));
  }

  private boolean isDrained() {
    return inFlight() == 0 && onDemand.underWay() == 0 && writer.undurable() == 0;
  }

  Uni<Void> drained() {
    return isDrained() ? Uni.createFrom().voidItem() : pause.of(LOOK_EVERY).chain(this::drained);
  }
}
