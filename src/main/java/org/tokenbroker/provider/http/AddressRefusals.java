package org.tokenbroker.provider.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.RegistrationId;

/**
 * Tells operators that an address was refused: once in a while for each registration and endpoint,
 * however many of its connections are turned away.
 */
@ApplicationScoped
public class AddressRefusals {
  private static final Logger LOG = Logger.getLogger(AddressRefusals.class);
  private static final Duration ONCE_IN = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final ConcurrentMap<Case, Instant> told = new ConcurrentHashMap<>();

  AddressRefusals(InstantSource clock) {
    this.clock = clock;
  }

  private record Case(String profile, Optional<RegistrationId> registration, Operation operation) {}

  /**
   * @param registration whose call it was; absent where it was nobody's
   */
  void tell(Profile profile, Optional<RegistrationId> registration, Operation operation) {
    Instant now = clock.instant();
    Case what = new Case(profile.id(), registration, operation);
    if (told.compute(what, (key, before) -> isDue(before, now) ? now : before).equals(now)) {
      LOG.errorf(
          "%s: nothing was sent to %s of profile %s, whose host leads to an address out of reach;"
              + " allow its network by token-broker.provider.allowed-networks, or mend profile or"
              + " registration",
          registration.map(id -> "Registration " + id).orElse("Discovery"),
          operation.field(),
          profile.id());
    }
  }

  private static boolean isDue(@Nullable Instant before, Instant now) {
    return before == null || !now.isBefore(before.plus(ONCE_IN));
  }
}
