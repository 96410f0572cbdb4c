package org.tokenbroker.provider.http;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.faulttolerance.api.RateLimitException;
import io.smallrye.faulttolerance.api.RateLimitType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.tokenbroker.provider.Profile;

/**
 * Keeps one provider's trouble from everybody else, and ours from the provider (G-6, reliability
 * §2.2 rule 7).
 *
 * <ol>
 *   <li>While a pause that the provider asked for lasts, nothing is sent.
 *   <li>No more calls start in a second (a bucket that fills evenly), and no more are in flight,
 *       than the profile allows; as many again may wait their turn.
 *   <li>Of ten calls in a row five faults open the breaker: nothing is sent for the breaker's
 *       delay, then one probe.
 *   <li>A call waits for its turn at most half of the time limit, and is never sent afterwards. One
 *       that was sent has the whole time limit for its answer: to give up on an answer that is on
 *       its way may cost a grant (G-1).
 * </ol>
 */
final class ProviderGuard {
  private static final int BREAKER_WINDOW = 10;
  private static final double BREAKER_RATIO = 0.5;
  private static final double JITTER = 0.1;

  /** How often a call that waits looks whether the budget has room for it. */
  private static final Duration BUDGET_LOOK = Duration.ofMillis(100);

  private static final TypeLiteral<Uni<Object>> CALL = new TypeLiteral<>() {};

  private final InstantSource clock;
  private final Duration longestWait;
  private final Guard admission;
  private final Guard breaker;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicReference<Instant> pausedUntil = new AtomicReference<>(Instant.MIN);
  private final AtomicReference<CircuitBreakerState> state =
      new AtomicReference<>(CircuitBreakerState.CLOSED);

  /**
   * @param timeout of what is guarded, which keeps to it by itself; the guard's own is behind it
   */
  ProviderGuard(
      Profile.Limits limits, Duration timeout, Duration breakerDelay, InstantSource clock) {
    this.clock = clock;
    this.longestWait = timeout.dividedBy(2);
    this.admission =
        Guard.create()
            .withRateLimit()
            .limit(limits.requestsPerSecond())
            .window(1, ChronoUnit.SECONDS)
            .type(RateLimitType.SMOOTH)
            .done()
            .withTimeout()
            .duration(timeout.multipliedBy(2).toMillis(), ChronoUnit.MILLIS)
            .done()
            .withBulkhead()
            .limit(limits.concurrency())
            .queueSize(limits.concurrency())
            .done()
            .build();
    this.breaker =
        Guard.create()
            .withCircuitBreaker()
            .failOn(Faulty.class)
            .requestVolumeThreshold(BREAKER_WINDOW)
            .failureRatio(BREAKER_RATIO)
            .delay(jittered(breakerDelay).toMillis(), ChronoUnit.MILLIS)
            .successThreshold(1)
            .onStateChange(state::set)
            .done()
            .build();
  }

  /** What a reply says about the provider as a whole. */
  sealed interface Verdict {
    /** It works; what it answered concerns the caller only. */
    record Sound() implements Verdict {}

    /** It is at fault: counts towards opening the breaker. */
    record Fault() implements Verdict {}

    /** It works and wants nothing more for a while. */
    record Pause(Duration length) implements Verdict {}
  }

  /** A reply, and what it says about the provider. */
  record Judged<T>(T reply, Verdict verdict) {}

  /**
   * @param heldBack the reply where nothing was sent
   * @param timedOut the reply where something was sent and no reply came in time
   */
  <T> Uni<T> call(Uni<Judged<T>> action, T heldBack, T timedOut) {
    return Uni.createFrom()
        .deferred(
            () ->
                clock.instant().isBefore(pausedUntil.get())
                    ? Uni.createFrom().item(heldBack)
                    : underWay(admitted(action, heldBack, timedOut)));
  }

  private <T> Uni<T> underWay(Uni<T> call) {
    underWay.incrementAndGet();
    return call.onTermination().invoke(underWay::decrementAndGet);
  }

  private <T> Uni<T> admitted(Uni<Judged<T>> action, T heldBack, T timedOut) {
    AtomicBoolean decided = new AtomicBoolean();
    Instant latest = clock.instant().plus(longestWait);
    Uni<T> once =
        Uni.createFrom()
            .deferred(
                () ->
                    !clock.instant().isAfter(latest) && decided.compareAndSet(false, true)
                        ? probed(action)
                        : Uni.createFrom().item(heldBack));
    return inTurn(once, latest)
        .onFailure(TimeoutException.class)
        .recoverWithItem(() -> decided.compareAndSet(false, true) ? heldBack : timedOut)
        .onFailure(ProviderGuard::isRefusal)
        .recoverWithItem(heldBack);
  }

  /** A budget that is spent for this second is no reason to send an owner's code away. */
  private <T> Uni<T> inTurn(Uni<T> once, Instant latest) {
    return through(admission, once)
        .onFailure(RateLimitException.class)
        .recoverWithUni(spent -> inTurnLater(once, latest, spent));
  }

  private <T> Uni<T> inTurnLater(Uni<T> once, Instant latest, Throwable spent) {
    Duration pause = jittered(BUDGET_LOOK);
    return clock.instant().plus(pause).isAfter(latest)
        ? Uni.createFrom().failure(spent)
        : Uni.createFrom()
            .voidItem()
            .onItem()
            .delayIt()
            .by(pause)
            .chain(() -> inTurn(once, latest));
  }

  private <T> Uni<T> probed(Uni<Judged<T>> action) {
    return through(breaker, action.chain(this::counted))
        .onFailure(Faulty.class)
        .recoverWithItem(ProviderGuard::reply);
  }

  private <T> Uni<T> counted(Judged<T> judged) {
    T reply = judged.reply();
    return switch (judged.verdict()) {
      case Verdict.Sound() -> Uni.createFrom().item(reply);
      case Verdict.Fault() -> Uni.createFrom().failure(new Faulty(reply));
      case Verdict.Pause(Duration length) -> {
        Instant until = clock.instant().plus(length);
        pausedUntil.updateAndGet(known -> known.isBefore(until) ? until : known);
        yield Uni.createFrom().item(reply);
      }
    };
  }

  /** Whether a pause that the provider asked for is not over yet, or a call is under way. */
  boolean isHoldingBack() {
    return underWay.get() > 0 || clock.instant().isBefore(pausedUntil.get());
  }

  /** For the gauge: 0 closed, 1 half-open, 2 open. */
  int circuitState() {
    return switch (state.get()) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof RateLimitException
        || failure instanceof BulkheadException
        || failure instanceof CircuitBreakerOpenException;
  }

  @SuppressWarnings("unchecked") // a guard hands through what it is given
  private static <T> Uni<T> through(Guard guard, Uni<T> call) {
    return (Uni<T>) guard.get(() -> (Uni<Object>) call, CALL);
  }

  @SuppressWarnings("unchecked") // made of a T by judged
  private static <T> T reply(Throwable faulty) {
    return (T) ((Faulty) faulty).reply;
  }

  /** Not all replicas probe, and not all callers look, at once. */
  private static Duration jittered(Duration delay) {
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    return Duration.ofMillis((long) (delay.toMillis() * factor));
  }

  /** Carries a reply past the breaker, which counts failures only. */
  private static final class Faulty extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Object reply;

    Faulty(Object reply) {
      super("the provider is at fault", null, false, false);
      this.reply = reply;
    }
  }
}
