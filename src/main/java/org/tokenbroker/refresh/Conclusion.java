package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.RefreshOutcome.Postponement;
import org.tokenbroker.refresh.Refresher.Attempt;

/**
 * The last step of a refresh that brought no new token: what its end means for the connection and
 * its plan. The lease is given back with it.
 */
@ApplicationScoped
public class Conclusion {
  private static final Logger LOG = Logger.getLogger(Conclusion.class);
  private static final Duration SHORTLY = Duration.ofSeconds(5);
  private static final Duration SPREAD = Duration.ofSeconds(30);

  private final Lease lease;
  private final RefreshObserver observer;
  private final InstantSource time;
  private final Backoff backoff = new Backoff(bound -> ThreadLocalRandom.current().nextLong(bound));

  Conclusion(Lease lease, RefreshObserver observer, InstantSource time) {
    this.lease = lease;
    this.observer = observer;
    this.time = time;
  }

  Uni<RefreshOutcome> notDue(Claim claim, Optional<Instant> until) {
    return conclude(claim, claim.connection().health(), until, new RefreshOutcome.NotDue());
  }

  Uni<RefreshOutcome> backedOff(Claim claim, Instant until) {
    return conclude(
        claim,
        claim.connection().health(),
        Optional.of(backoff.spread(until, SHORTLY)),
        new RefreshOutcome.NotDue());
  }

  Uni<RefreshOutcome> overtaken(Claim claim, Instant now) {
    return conclude(
        claim,
        claim.connection().health(),
        Optional.of(backoff.spread(now, SHORTLY)),
        new RefreshOutcome.Overtaken());
  }

  /**
   * @param by about how long
   */
  Uni<RefreshOutcome> postponed(Claim claim, Postponement why, Duration by) {
    return conclude(
        claim,
        claim.connection().health(),
        Optional.of(backoff.spread(time.instant(), by)),
        new RefreshOutcome.Postponed(why));
  }

  /** Our own budget for the provider is used up for now. */
  Uni<RefreshOutcome> heldBack(Claim claim) {
    return postponed(claim, Postponement.HELD_BACK, SHORTLY);
  }

  /** Nothing can be written: the lease ends by itself and the next sweep comes back. */
  Uni<RefreshOutcome> ledgerUnavailable() {
    return Uni.createFrom().item(new RefreshOutcome.Postponed(Postponement.LEDGER_UNAVAILABLE));
  }

  Uni<RefreshOutcome> refused(Claim claim, ConsentCause cause) {
    LOG.warnf("Connection %s needs its owner's consent: %s", claim.connection().id(), cause);
    Health health = Progress.refused(claim.connection().health(), cause, time.instant());
    return conclude(claim, health, Optional.empty(), new RefreshOutcome.Refused(cause));
  }

  Uni<RefreshOutcome> failed(Claim claim, Ailment ailment) {
    return failed(claim, ailment, afterFailure(claim, ailment));
  }

  /** The provider saw the request, or may have: it wants to see no other one too soon. */
  Uni<RefreshOutcome> failedThere(Attempt attempt, Ailment ailment) {
    Instant again = notTooSoon(attempt, afterFailure(attempt.claim(), ailment));
    return failed(attempt.claim(), ailment, again);
  }

  /**
   * @param earliest before which the provider does not want to be asked again
   */
  Uni<RefreshOutcome> failedUntil(Attempt attempt, Ailment ailment, Instant earliest) {
    Instant again = notTooSoon(attempt, backoff.spread(earliest, SHORTLY));
    return failed(attempt.claim(), ailment, again);
  }

  /** The safe answers but does not hold what the ledger says it should. */
  Uni<RefreshOutcome> missing(Claim claim) {
    return switch (claim.connection().health()) {
      case Health.Active active -> loudlyMissing(claim);
      case Health.Ailing ailing -> loudlyMissing(claim);
      case Health.Connecting connecting -> loudlyMissing(claim);
      case Health.Unclaimed unclaimed -> loudlyMissing(claim);
      case Health.PendingConsent pending -> notDue(claim, Optional.empty());
      case Health.NeedsConsent needs -> notDue(claim, Optional.empty());
      case Health.Revoked revoked -> notDue(claim, Optional.empty());
      case Health.Disabled disabled -> notDue(claim, Optional.empty());
    };
  }

  /**
   * @param dueAt when it is looked at again; empty: never by itself
   */
  Uni<RefreshOutcome> conclude(
      Claim claim, Health health, Optional<Instant> dueAt, RefreshOutcome outcome) {
    return lease
        .notRefreshed(claim, health, dueAt, time.instant())
        .map(
            written ->
                switch (written) {
                  case DONE, UNAVAILABLE -> outcome;
                  case FENCED -> {
                    observer.fenced(claim.connection());
                    yield new RefreshOutcome.Overtaken();
                  }
                });
  }

  /** Not before the shortest time that the profile wants between two calls. */
  static Instant notTooSoon(Attempt attempt, Instant again) {
    Duration minInterval = attempt.client().profile().refresh().minInterval();
    Instant earliest = attempt.call().sentAt().plus(minInterval);
    return again.isBefore(earliest) ? earliest : again;
  }

  private Uni<RefreshOutcome> loudlyMissing(Claim claim) {
    LOG.errorf("The safe holds no credential for connection %s", claim.connection().id());
    return failed(claim, Ailment.CREDENTIAL_MISSING);
  }

  private Uni<RefreshOutcome> failed(Claim claim, Ailment ailment, Instant again) {
    Health health = Progress.failed(claim.connection().health(), ailment, time.instant());
    return conclude(claim, health, Optional.of(again), new RefreshOutcome.Failed(ailment));
  }

  private Instant afterFailure(Claim claim, Ailment ailment) {
    return Progress.failed(claim.connection().health(), ailment, time.instant())
            instanceof Health.Ailing ailing
        ? backoff.after(ailing, time.instant())
        : backoff.spread(time.instant(), SPREAD);
  }
}
