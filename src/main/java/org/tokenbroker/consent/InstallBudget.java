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
 * made-up codes. Each network has a budget first, which a code that the provider refuses uses up
 * faster, so that one stranger does not use up what is the registration's; each registration has a
 * budget of its own, so that a flood on one leaves room for the others; and all of them share one.
 */
@ApplicationScoped
class InstallBudget {
  private static final int REGISTRATIONS = 10_000;
  private static final int NETWORKS = 100_000;

  /** How many installs a refused code counts for. */
  private static final int REFUSED = 5;

  private final int perMinute;
  private final int perMinuteOfNetwork;
  private final Bucket overall;
  private final Cache<RegistrationId, Bucket> own =
      Caffeine.newBuilder().maximumSize(REGISTRATIONS).executor(Runnable::run).build();
  private final Cache<String, Bucket> networks =
      Caffeine.newBuilder().maximumSize(NETWORKS).executor(Runnable::run).build();

  InstallBudget(ConsentConfig config) {
    this.perMinute = config.installsPerMinute();
    this.perMinuteOfNetwork = config.installsPerMinuteOfNetwork();
    this.overall = new Bucket(config.installsPerMinuteOverall());
  }

  /**
   * Counts an install; empty where it is taken, else the time after which one is. What is turned
   * away for its network's sake costs the registration nothing.
   */
  Optional<Duration> exceeded(Optional<String> network, RegistrationId registration, Instant now) {
    return network
        .flatMap(each -> of(each).exceeded(now))
        .or(() -> own.get(registration, first -> new Bucket(perMinute)).exceeded(now))
        .or(() -> overall.exceeded(now));
  }

  /** The provider refused the code that this network brought. */
  void refused(Optional<String> network, Instant now) {
    network.ifPresent(each -> of(each).charge(REFUSED - 1, now));
  }

  private Bucket of(String network) {
    return networks.get(network, first -> new Bucket(perMinuteOfNetwork));
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
      Instant next = after(1, now);
      Duration over = Duration.between(now, next).minus(MINUTE);
      if (over.isPositive()) {
        return Optional.of(over);
      }
      usedUpTo = next;
      return Optional.empty();
    }

    private synchronized void charge(int times, Instant now) {
      usedUpTo = after(times, now);
    }

    private Instant after(int times, Instant now) {
      return (usedUpTo.isBefore(now) ? now : usedUpTo).plus(interval.multipliedBy(times));
    }
  }
}
