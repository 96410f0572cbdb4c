package org.tokenbroker.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.RegistrationHealth.Faulty;
import org.tokenbroker.token.RegistrationId;

/**
 * Lets one connection of a faulty registration find that its probe is due (C7); for the others of
 * this replica it is not due before that one has its answer. Else all of them would probe at once.
 */
final class Probes {
  /** Longer than a call to a provider and what stands around it. */
  private static final Duration ONE_PROBE = Duration.ofSeconds(20);

  private final ConcurrentMap<RegistrationId, Instant> notBefore = new ConcurrentHashMap<>();

  /** The registration's health as the connection that asks shall take it. */
  RegistrationHealth seenByOne(Registration registration, Instant now) {
    return registration.health() instanceof Faulty faulty && !now.isBefore(faulty.probeAt())
        ? seenByOne(registration.id(), faulty, now)
        : registration.health();
  }

  private RegistrationHealth seenByOne(RegistrationId id, Faulty due, Instant now) {
    Instant known = notBefore.get(id);
    if (known != null && now.isBefore(known)) {
      return new Faulty(due.reason(), due.since(), known);
    }
    Instant until = now.plus(ONE_PROBE);
    boolean isOurs =
        known == null
            ? notBefore.putIfAbsent(id, until) == null
            : notBefore.replace(id, known, until);
    return isOurs ? due : new Faulty(due.reason(), due.since(), until);
  }
}
