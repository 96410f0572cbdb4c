package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.refresh.RefreshOutcome.Postponement;
import org.tokenbroker.refresh.Refresher.Attempt;
import org.tokenbroker.refresh.Siblings.Evidence;

/**
 * A call that brought no token: whose fault that is, the grant's, the registration's or the
 * provider's (G-6), and whether the intent is taken back.
 */
@ApplicationScoped
public class Setbacks {
  private static final Logger LOG = Logger.getLogger(Setbacks.class);
  private static final Duration PROBE_LATER = Duration.ofSeconds(60);

  private final Conclusion conclusion;
  private final Intents intents;
  private final Clients clients;
  private final Siblings siblings;
  private final RefreshObserver observer;
  private final InstantSource time;

  Setbacks(
      Conclusion conclusion,
      Intents intents,
      Clients clients,
      Siblings siblings,
      RefreshObserver observer,
      InstantSource time) {
    this.conclusion = conclusion;
    this.intents = intents;
    this.clients = clients;
    this.siblings = siblings;
    this.observer = observer;
    this.time = time;
  }

  Uni<RefreshOutcome> rejected(Attempt attempt, Rejection reason) {
    return switch (reason) {
      case INVALID_GRANT -> invalidGrant(attempt);
      case INVALID_CLIENT -> faultyRegistration(attempt, RegistrationFault.INVALID_CLIENT);
      case UNAUTHORIZED_CLIENT ->
          faultyRegistration(attempt, RegistrationFault.UNAUTHORIZED_CLIENT);
      case GRANT_OR_CLIENT -> grantOrClient(attempt);
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE, INVALID_REQUEST, OTHER ->
          intents
              .clear(attempt)
              .chain(() -> conclusion.failedThere(attempt, Ailment.MISCONFIGURED));
    };
  }

  Uni<RefreshOutcome> throttled(Attempt attempt, Duration retryAfter) {
    Instant earliest = time.instant().plus(retryAfter);
    return intents
        .clear(attempt)
        .chain(() -> conclusion.failedUntil(attempt, Ailment.THROTTLED, earliest));
  }

  Uni<RefreshOutcome> unreachable(Attempt attempt, Obstacle obstacle) {
    return switch (obstacle) {
      case CONNECT, TLS, UNAVAILABLE ->
          intents
              .clear(attempt)
              .chain(() -> conclusion.failed(attempt.claim(), Ailment.PROVIDER_UNREACHABLE));
      case ADDRESS_REFUSED ->
          intents
              .clear(attempt)
              .chain(() -> conclusion.failed(attempt.claim(), Ailment.MISCONFIGURED));
      case CREDENTIAL_UNUSABLE ->
          faultyRegistration(attempt, RegistrationFault.CREDENTIAL_UNUSABLE);
      case HELD_BACK -> intents.clear(attempt).chain(() -> conclusion.heldBack(attempt.claim()));
    };
  }

  /**
   * The intent stays: {@link RefreshPolicy} decides by it when the refresh token may be presented
   * again.
   */
  Uni<RefreshOutcome> unknown(Attempt attempt) {
    LOG.warnf(
        "It is not known whether the provider refreshed connection %s", attempt.connection().id());
    return conclusion.failedThere(attempt, Ailment.OUTCOME_UNKNOWN);
  }

  /** Re-reads first: only a refusal of the newest refresh token is terminal (G-4). */
  private Uni<RefreshOutcome> invalidGrant(Attempt attempt) {
    if (!RefreshPolicy.spendsRefreshToken(attempt.connection().grant())) {
      return intents
          .clear(attempt)
          .chain(() -> conclusion.failedThere(attempt, Ailment.MISCONFIGURED));
    }
    return intents
        .refusedNewest(attempt)
        .chain(
            newest ->
                switch (newest) {
                  case YES -> terminal(attempt);
                  case NO -> conclusion.overtaken(attempt.claim(), time.instant());
                  case UNKNOWN -> conclusion.failed(attempt.claim(), Ailment.SAFE_UNAVAILABLE);
                });
  }

  private Uni<RefreshOutcome> terminal(Attempt attempt) {
    Rotation rotation = attempt.client().profile().refresh().rotation();
    boolean wasOpen = attempt.call().presentations() > 1 && !(rotation instanceof Rotation.None);
    if (!wasOpen && rotation instanceof Rotation.Strict) {
      observer.reuseSuspected(attempt.connection());
    }
    return conclusion.refused(
        attempt.claim(), wasOpen ? ConsentCause.OUTCOME_UNKNOWN : ConsentCause.REFUSED_BY_PROVIDER);
  }

  private Uni<RefreshOutcome> faultyRegistration(Attempt attempt, RegistrationFault fault) {
    return clients
        .faulty(attempt.connection().registration(), fault)
        .chain(() -> intents.clear(attempt))
        .chain(
            () ->
                conclusion.postponed(
                    attempt.claim(), Postponement.REGISTRATION_FAULTY, PROBE_LATER));
  }

  /** Nobody knows after the first time: what happens to others until the next one tells (G-6). */
  private Uni<RefreshOutcome> grantOrClient(Attempt attempt) {
    return RefreshPolicy.unclearSince(attempt.connection().health())
        .map(since -> siblings.of(attempt.connection(), attempt.client().registration(), since))
        .orElseGet(() -> Uni.createFrom().item(Evidence.NOTHING_YET))
        .chain(
            evidence ->
                switch (evidence) {
                  case CLIENT_WORKS -> invalidGrant(attempt);
                  case NOBODY_WORKS ->
                      faultyRegistration(attempt, RegistrationFault.GRANT_OR_CLIENT);
                  case NOTHING_YET -> open(attempt);
                });
  }

  private Uni<RefreshOutcome> open(Attempt attempt) {
    return stillFaulty(attempt)
        .chain(() -> intents.clear(attempt))
        .chain(() -> conclusion.failedThere(attempt, Ailment.REFUSED_UNCLEARLY));
  }

  /** It was a probe, and it did not show that the client works: the next one is as slow. */
  private Uni<Void> stillFaulty(Attempt attempt) {
    Registration registration = attempt.client().registration();
    return registration.health() instanceof RegistrationHealth.Faulty faulty
        ? clients.faulty(registration.id(), faulty.reason())
        : Uni.createFrom().voidItem();
  }
}
