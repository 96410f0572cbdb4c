package org.tokenbroker.consent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.token.RegistrationId;

/**
 * How many installs this replica takes (BE-4): nothing but their rate keeps strangers from bringing
 * made-up codes. Each registration has a budget of its own, so that a flood on one leaves room for
 * the others, and all of them share one.
 */
@ApplicationScoped
class InstallBudget {
  private static final int REGISTRATIONS = 10_000;

  private final int perMinute;
  private final Bucket overall;
  private final Cache<RegistrationId, Bucket> own =
      Caffeine.newBuilder().maximumSize(REGISTRATIONS).executor(Runnable::run).build();

  InstallBudget(ConsentConfig config) {
    this.perMinute = config.installsPerMinute();
    this.overall = new Bucket(config.installsPerMinuteOverall());
  }

  /** Counts an install; empty where it is taken, else the time after which one is. */
  Optional<Duration> exceeded(RegistrationId registration, Instant now) {
    return own.get(registration, first -> new Bucket(perMinute))
        .exceeded(now)
        .or(() -> overall.exceeded(now));
  }

  /**
   * The generic cell rate algorithm: the one moment at which all that is allowed is used up. A
   * minute's worth may come at once.
   */
  private static final class Bucket {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Duration interval;
    private Instant usedUpTo = Instant.MIN;

    private Bucket(int perMinute) {
      interval = MINUTE.dividedBy(perMinute);
    }

    private synchronized Optional<Duration> exceeded(Instant now) {
      Instant next = (usedUpTo.isBefore(now) ? now : usedUpTo).plus(interval);
      Duration over = Duration.between(now, next).minus(MINUTE);
      if (over.isPositive()) {
        return Optional.of(over);
      }
      usedUpTo = next;
      return Optional.empty();
    }
  }
}
