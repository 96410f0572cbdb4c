package org.tokenbroker.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.tokenbroker.platform.RetryAfter;

/** Decides what an attempt means and when the next one comes. Pure. */
public final class DeliveryPolicy {
  /** How long one attempt may take in all. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** How long a delivery belongs to one replica: three attempts. */
  public static final Duration LEASE = Duration.ofSeconds(30);

  /** A holder that was held up longer sends nothing any more: its lease could end meanwhile. */
  static final Duration LATEST_START = LEASE.minus(TIMEOUT.multipliedBy(2));

  /** Where not the receiver is at fault: the safe does not answer. */
  static final Duration SHORTLY = Duration.ofSeconds(10);

  private static final Duration BASE = Duration.ofSeconds(2);
  private static final Duration CAP = Duration.ofMinutes(15);
  private static final int MOST_DOUBLINGS = 20;

  private DeliveryPolicy() {}

  /**
   * @param random number from 0 up to but not including the argument
   */
  static Verdict judge(Receipt receipt, Delivery delivery, Instant now, LongUnaryOperator random) {
    return switch (receipt) {
      case Receipt.Answered answered -> judge(answered, delivery, now, random);
      case Receipt.Unanswered unanswered ->
          failed(unanswered.failure(), Duration.ZERO, delivery, now, random);
    };
  }

  /** Nothing was sent because of this. */
  static Verdict unsent(Failure failure, Delivery delivery, Instant now, LongUnaryOperator random) {
    return failed(failure, Duration.ZERO, delivery, now, random);
  }

  private static Verdict judge(
      Receipt.Answered answered, Delivery delivery, Instant now, LongUnaryOperator random) {
    if (answered.status() / 100 == 2) {
      return new Verdict.Delivered();
    }
    if (answered.status() == 410) {
      return new Verdict.Gone();
    }
    return failed(
        failure(answered.status()), asked(answered.retryAfter(), now), delivery, now, random);
  }

  private static Failure failure(int status) {
    return switch (status / 100) {
      case 3 -> Failure.REDIRECTED;
      case 4 -> status == 429 ? Failure.THROTTLED : Failure.REFUSED;
      default -> Failure.SERVER_ERROR;
    };
  }

  /** A receiver that asks for nothing gets the backoff alone. */
  private static Duration asked(Optional<String> retryAfter, Instant now) {
    return retryAfter.isEmpty() ? Duration.ZERO : RetryAfter.read(retryAfter, now);
  }

  private static Verdict failed(
      Failure failure, Duration atLeast, Delivery delivery, Instant now, LongUnaryOperator random) {
    Instant at = now.plus(atLeast).plus(pause(delivery.attempts(), random));
    return at.isBefore(delivery.giveUpAt())
        ? new Verdict.Again(failure, at)
        : new Verdict.GivenUp(failure);
  }

  /** Full jitter (reliability §2.2 rule 2). */
  private static Duration pause(int failures, LongUnaryOperator random) {
    long ceiling = Math.min(CAP.toMillis(), BASE.toMillis() << Math.min(failures, MOST_DOUBLINGS));
    return Duration.ofMillis(random.applyAsLong(ceiling) + 1);
  }
}
