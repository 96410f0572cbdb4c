package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.DurableWriter.Settled;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Pause;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.connection.Term;
import org.tokenbroker.connection.Windows;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.Lease.Fresh;
import org.tokenbroker.refresh.Lease.Taken;
import org.tokenbroker.refresh.Lease.Written;
import org.tokenbroker.refresh.RefreshOutcome.Postponement;
import org.tokenbroker.refresh.Refresher.Attempt;
import org.tokenbroker.refresh.Siblings.Evidence;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;

/**
 * The last step of a refresh: what its end means for the connection, its plan and its registration.
 */
@ApplicationScoped
public class Conclusion {
  private static final Logger LOG = Logger.getLogger(Conclusion.class);
  private static final Duration SHORTLY = Duration.ofSeconds(5);
  private static final Duration PROBE_LATER = Duration.ofSeconds(60);
  private static final Duration SPREAD = Duration.ofSeconds(30);
  private static final Duration LEDGER_RETRY = Duration.ofSeconds(1);
  private static final int LEDGER_RETRIES = 60;

  private final Lease lease;
  private final Intents intents;
  private final Clients clients;
  private final Profiles profiles;
  private final Siblings siblings;
  private final RefreshObserver observer;
  private final Pause pause;
  private final InstantSource time;
  private final Backoff backoff = new Backoff(bound -> ThreadLocalRandom.current().nextLong(bound));

  Conclusion(
      Lease lease,
      Intents intents,
      Clients clients,
      Profiles profiles,
      Siblings siblings,
      RefreshObserver observer,
      Pause pause,
      InstantSource time) {
    this.lease = lease;
    this.intents = intents;
    this.clients = clients;
    this.profiles = profiles;
    this.siblings = siblings;
    this.observer = observer;
    this.pause = pause;
    this.time = time;
  }

  /** The answer is durable, or was overtaken on its way. */
  Uni<RefreshOutcome> granted(Attempt attempt, Renewal renewal, Settled settled) {
    Uni<Void> accepted = clients.accepted(attempt.connection().registration());
    return switch (settled) {
      case Settled.Stored stored ->
          accepted.chain(() -> stored(attempt, renewal, stored.credential()));
      case Settled.Dropped dropped ->
          accepted.chain(() -> overtaken(attempt.claim(), time.instant()));
    };
  }

  /**
   * The safe was ahead: a former holder of the lease, or a consent, did not get to write the
   * ledger.
   */
  Uni<RefreshOutcome> repaired(Claim claim, Credential credential) {
    LOG.infof("The ledger of connection %s is repaired from the safe", claim.connection().id());
    return withoutCall(claim, credential);
  }

  /** The safe holds a newer generation, and nobody called the provider for it. */
  Uni<RefreshOutcome> withoutCall(Claim claim, Credential credential) {
    return credential
        .accessToken()
        .map(token -> fresh(claim, credential, token, true))
        .orElseGet(() -> notDue(claim, Optional.empty()));
  }

  Uni<RefreshOutcome> rejected(Attempt attempt, Rejection reason) {
    return switch (reason) {
      case INVALID_GRANT -> invalidGrant(attempt);
      case INVALID_CLIENT -> faultyRegistration(attempt, RegistrationFault.INVALID_CLIENT);
      case UNAUTHORIZED_CLIENT ->
          faultyRegistration(attempt, RegistrationFault.UNAUTHORIZED_CLIENT);
      case GRANT_OR_CLIENT -> grantOrClient(attempt);
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE, INVALID_REQUEST, OTHER ->
          intents.clear(attempt).chain(() -> failedThere(attempt, Ailment.MISCONFIGURED));
    };
  }

  Uni<RefreshOutcome> throttled(Attempt attempt, Duration retryAfter) {
    Instant again = backoff.spread(time.instant().plus(retryAfter), SHORTLY);
    return intents
        .clear(attempt)
        .chain(() -> failed(attempt.claim(), Ailment.THROTTLED, notTooSoon(attempt, again)));
  }

  Uni<RefreshOutcome> unreachable(Attempt attempt, Obstacle obstacle) {
    return switch (obstacle) {
      case CONNECT, TLS, UNAVAILABLE ->
          intents.clear(attempt).chain(() -> failed(attempt.claim(), Ailment.PROVIDER_UNREACHABLE));
      case ADDRESS_REFUSED ->
          intents.clear(attempt).chain(() -> failed(attempt.claim(), Ailment.MISCONFIGURED));
      case CREDENTIAL_UNUSABLE ->
          faultyRegistration(attempt, RegistrationFault.CREDENTIAL_UNUSABLE);
      case HELD_BACK ->
          intents
              .clear(attempt)
              .chain(() -> postponed(attempt.claim(), Postponement.HELD_BACK, SHORTLY));
    };
  }

  /**
   * The intent stays: {@link RefreshPolicy} decides by it when the refresh token may be presented
   * again.
   */
  Uni<RefreshOutcome> unknown(Attempt attempt) {
    LOG.warnf(
        "It is not known whether the provider refreshed connection %s", attempt.connection().id());
    return failedThere(attempt, Ailment.OUTCOME_UNKNOWN);
  }

  Uni<RefreshOutcome> failed(Claim claim, Ailment ailment) {
    return failed(claim, ailment, afterFailure(claim, ailment));
  }

  /** The provider saw the request, or may have: it wants to see no other one too soon. */
  private Uni<RefreshOutcome> failedThere(Attempt attempt, Ailment ailment) {
    Instant again = notTooSoon(attempt, afterFailure(attempt.claim(), ailment));
    return failed(attempt.claim(), ailment, again);
  }

  private Instant afterFailure(Claim claim, Ailment ailment) {
    return Progress.failed(claim.connection().health(), ailment, time.instant())
            instanceof Health.Ailing ailing
        ? backoff.after(ailing, time.instant())
        : backoff.spread(time.instant(), SPREAD);
  }

  private static Instant notTooSoon(Attempt attempt, Instant again) {
    Duration minInterval = attempt.client().profile().refresh().minInterval();
    return latest(again, attempt.call().sentAt().plus(minInterval));
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

  Uni<RefreshOutcome> refused(Claim claim, ConsentCause cause) {
    LOG.warnf("Connection %s needs its owner's consent: %s", claim.connection().id(), cause);
    Health health = Progress.refused(claim.connection().health(), cause, time.instant());
    return conclude(claim, health, Optional.empty(), new RefreshOutcome.Refused(cause));
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

  /** Nothing can be written: the lease ends by itself and the next sweep comes back. */
  Uni<RefreshOutcome> ledgerUnavailable() {
    return Uni.createFrom().item(new RefreshOutcome.Postponed(Postponement.LEDGER_UNAVAILABLE));
  }

  private Uni<RefreshOutcome> stored(Attempt attempt, Renewal renewal, Credential credential) {
    Optional<AccessToken> before = attempt.credential().accessToken();
    if (renewal.isStillborn(before)) {
      LOG.warnf(
          "The provider gave connection %s a token without life; the old one stays",
          attempt.connection().id());
      return failed(attempt.claim(), Ailment.SHORT_LIVED_ANSWER);
    }
    if (renewal.isSameToken(before)) {
      return credential
          .accessToken()
          .map(token -> sameToken(attempt, credential, token))
          .orElseGet(() -> notDue(attempt.claim(), Optional.empty()));
    }
    return repairedOrFresh(attempt, credential);
  }

  private Uni<RefreshOutcome> repairedOrFresh(Attempt attempt, Credential credential) {
    return credential
        .accessToken()
        .map(token -> fresh(attempt.claim(), credential, token, false))
        .orElseGet(() -> notDue(attempt.claim(), Optional.empty()));
  }

  /** A provider that caches its tokens: asking again makes sense after half of what is left. */
  private Uni<RefreshOutcome> sameToken(Attempt attempt, Credential credential, AccessToken token) {
    Claim claim = attempt.claim();
    Instant now = time.instant();
    Instant half = now.plus(token.lifetime().remaining(now).dividedBy(2)).plusSeconds(1);
    Instant again = notTooSoon(attempt, earliest(half, keptAlive(claim, credential, token, now)));
    return conclude(
        claim, refreshed(claim.connection(), now), Optional.of(again), new RefreshOutcome.NotDue());
  }

  /** As if the token were new: its refresh token was used just now. */
  private Instant keptAlive(Claim claim, Credential credential, AccessToken token, Instant now) {
    Held rest =
        new Held(
            token.generation(),
            new Lifetime(now, latest(now, token.lifetime().expiresAt())),
            token.scopes());
    return Windows.of(
            claim.connection().id(), rest, rhythm(claim.connection()), credential.refreshToken())
        .nextRefresh(now);
  }

  private Uni<RefreshOutcome> fresh(
      Claim claim, Credential credential, AccessToken token, boolean repaired) {
    Connection connection = claim.connection();
    Held held = RefreshPolicy.held(token);
    Instant now = time.instant();
    Fresh fresh =
        new Fresh(
            held,
            credential.facts(),
            term(connection, credential),
            RefreshPolicy.windows(connection, credential, token, rhythm(connection))
                .nextRefresh(now));
    Health health = refreshed(connection, now);
    reportNarrowed(connection, token);
    RefreshOutcome outcome = new RefreshOutcome.Refreshed(credential, repaired);
    return writeFresh(claim, fresh, health, LEDGER_RETRIES)
        .<RefreshOutcome>chain(
            written ->
                switch (written) {
                  case DONE, UNAVAILABLE -> Uni.createFrom().item(outcome);
                  case FENCED -> {
                    observer.fenced(connection);
                    yield repairAfterFence(connection.id(), credential, fresh).replaceWith(outcome);
                  }
                });
  }

  /** Said once: when it happens (C6). */
  private static void reportNarrowed(Connection connection, AccessToken token) {
    if (connection.held().filter(former -> !token.scopes().covers(former.granted())).isPresent()) {
      LOG.warnf("A refresh of connection %s granted less than before", connection.id());
    }
  }

  private Uni<Written> writeFresh(Claim claim, Fresh fresh, Health health, int retries) {
    return lease
        .refreshed(claim, fresh, health, time.instant())
        .chain(
            written ->
                switch (written) {
                  case DONE, FENCED -> Uni.createFrom().item(written);
                  case UNAVAILABLE ->
                      retries == 0
                          ? Uni.createFrom().item(written)
                          : pause
                              .of(LEDGER_RETRY)
                              .chain(() -> writeFresh(claim, fresh, health, retries - 1));
                });
  }

  /** The token is durable, so the ledger shall know it, under whoever's lease. */
  private Uni<Void> repairAfterFence(ConnectionId id, Credential credential, Fresh fresh) {
    return lease
        .claim(id)
        .chain(
            taken ->
                switch (taken) {
                  case Taken.Yes yes when isBehind(yes.claim().connection(), fresh.held()) ->
                      lease
                          .refreshed(
                              yes.claim(),
                              fresh.withTerm(term(yes.claim().connection(), credential)),
                              refreshed(yes.claim().connection(), time.instant()),
                              time.instant())
                          .replaceWithVoid();
                  case Taken.Yes yes ->
                      notDue(yes.claim(), yes.claim().connection().dueAt()).replaceWithVoid();
                  case Taken.Held elsewhere -> Uni.createFrom().voidItem();
                  case Taken.Gone gone -> Uni.createFrom().voidItem();
                  case Taken.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  /** Re-reads first: only a refusal of the newest refresh token is terminal (G-4). */
  private Uni<RefreshOutcome> invalidGrant(Attempt attempt) {
    if (!RefreshPolicy.spendsRefreshToken(attempt.connection().grant())) {
      return intents.clear(attempt).chain(() -> failedThere(attempt, Ailment.MISCONFIGURED));
    }
    return intents
        .refusedNewest(attempt)
        .chain(
            newest ->
                switch (newest) {
                  case YES -> terminal(attempt);
                  case NO -> overtaken(attempt.claim(), time.instant());
                  case UNKNOWN -> failed(attempt.claim(), Ailment.SAFE_UNAVAILABLE);
                });
  }

  private Uni<RefreshOutcome> terminal(Attempt attempt) {
    Rotation rotation = attempt.client().profile().refresh().rotation();
    boolean wasOpen = attempt.call().presentations() > 1 && !(rotation instanceof Rotation.None);
    if (!wasOpen && rotation instanceof Rotation.Strict) {
      observer.reuseSuspected(attempt.connection());
    }
    return refused(
        attempt.claim(), wasOpen ? ConsentCause.OUTCOME_UNKNOWN : ConsentCause.REFUSED_BY_PROVIDER);
  }

  private Uni<RefreshOutcome> faultyRegistration(Attempt attempt, RegistrationFault fault) {
    return clients
        .faulty(attempt.connection().registration(), fault)
        .chain(() -> intents.clear(attempt))
        .chain(() -> postponed(attempt.claim(), Postponement.REGISTRATION_FAULTY, PROBE_LATER));
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
        .chain(() -> failedThere(attempt, Ailment.REFUSED_UNCLEARLY));
  }

  /** It was a probe, and it did not show that the client works: the next one is as slow. */
  private Uni<Void> stillFaulty(Attempt attempt) {
    Registration registration = attempt.client().registration();
    return registration.health() instanceof RegistrationHealth.Faulty faulty
        ? clients.faulty(registration.id(), faulty.reason())
        : Uni.createFrom().voidItem();
  }

  private Uni<RefreshOutcome> loudlyMissing(Claim claim) {
    LOG.errorf("The safe holds no credential for connection %s", claim.connection().id());
    return failed(claim, Ailment.CREDENTIAL_MISSING);
  }

  private Uni<RefreshOutcome> failed(Claim claim, Ailment ailment, Instant again) {
    Health health = Progress.failed(claim.connection().health(), ailment, time.instant());
    return conclude(claim, health, Optional.of(again), new RefreshOutcome.Failed(ailment));
  }

  private Uni<RefreshOutcome> postponed(Claim claim, Postponement why, Duration by) {
    return conclude(
        claim,
        claim.connection().health(),
        Optional.of(backoff.spread(time.instant(), by)),
        new RefreshOutcome.Postponed(why));
  }

  private Uni<RefreshOutcome> conclude(
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

  private Health refreshed(Connection connection, Instant now) {
    boolean looksUp =
        profiles.find(connection.provider()).flatMap(Profile::postConnect).isPresent();
    return Progress.refreshed(connection, looksUp, now);
  }

  /** Left as it is where the catalogue lost the profile. */
  private Optional<Term> term(Connection connection, Credential credential) {
    return profiles
        .find(connection.provider())
        .flatMap(profile -> Term.refreshed(connection.term(), profile.grant(), credential));
  }

  private Rhythm rhythm(Connection connection) {
    return Rhythm.of(profiles.find(connection.provider()));
  }

  private static Instant earliest(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static boolean isBehind(Connection connection, Held held) {
    return held.generation().isNewerThan(connection.issued());
  }
}
