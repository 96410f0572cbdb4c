package org.tokenbroker.consent;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.tokenbroker.consent.Attempts.Leftovers;

/**
 * Clears away what owners who never came back left behind. Safe to run on every replica at once.
 */
@ApplicationScoped
public class ConsentCleaner {
  /** How much one sweep does at most; the rest waits for the next. */
  private static final int BATCH = 100;

  /** A callback taken in its attempt's last moment has this long to read its secrets. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** Longer than any provider's code lives. */
  private static final Duration CODE = Duration.ofDays(1);

  private final Attempts attempts;
  private final AttemptSecrets secrets;
  private final InstallCodes installs;
  private final ClaimTickets claims;
  private final ConsentConfig config;
  private final InstantSource time;

  ConsentCleaner(
      Attempts attempts,
      AttemptSecrets secrets,
      InstallCodes installs,
      ClaimTickets claims,
      ConsentConfig config,
      InstantSource time) {
    this.attempts = attempts;
    this.secrets = secrets;
    this.installs = installs;
    this.claims = claims;
    this.config = config;
    this.time = time;
  }

  /** What a store does not allow now is done by a later sweep. */
  public Uni<Void> sweep() {
    Instant now = time.instant();
    return attempts
        .leftovers(now.minus(GRACE), BATCH)
        .chain(this::destroy)
        .chain(() -> attempts.forget(now.minus(config.remember()), BATCH))
        .chain(() -> installs.forget(now.minus(longerThanACode()), BATCH))
        .chain(() -> claims.forget(now.minus(config.remember()), BATCH))
        .replaceWithVoid();
  }

  /** A code that is forgotten could be brought again: its provider has forgotten it by then. */
  private Duration longerThanACode() {
    return config.remember().compareTo(CODE) < 0 ? CODE : config.remember();
  }

  private Uni<Void> destroy(Leftovers leftovers) {
    return switch (leftovers) {
      case Leftovers.Listed listed ->
          Multi.createFrom()
              .iterable(listed.grants())
              .onItem()
              .transformToUniAndConcatenate(secrets::destroy)
              .collect()
              .last()
              .replaceWithVoid();
      case Leftovers.Unavailable unavailable -> Uni.createFrom().voidItem();
    };
  }
}
