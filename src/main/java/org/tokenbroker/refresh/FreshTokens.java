package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.DurableWriter.Settled;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Leftovers;
import org.tokenbroker.connection.Pause;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.connection.Term;
import org.tokenbroker.connection.Windows;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.Lease.Fresh;
import org.tokenbroker.refresh.Lease.Taken;
import org.tokenbroker.refresh.Lease.Written;
import org.tokenbroker.refresh.Refresher.Attempt;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Secret;

/** The last step of a refresh that brought a token: the ledger learns what the safe holds. */
@ApplicationScoped
public class FreshTokens {
  private static final Logger LOG = Logger.getLogger(FreshTokens.class);
  private static final Duration LEDGER_RETRY = Duration.ofSeconds(1);
  private static final int LEDGER_RETRIES = 60;

  private final Lease lease;
  private final Conclusion conclusion;
  private final Clients clients;
  private final Profiles profiles;
  private final Leftovers leftovers;
  private final RefreshObserver observer;
  private final Pause pause;
  private final InstantSource time;

  FreshTokens(
      Lease lease,
      Conclusion conclusion,
      Clients clients,
      Profiles profiles,
      Leftovers leftovers,
      RefreshObserver observer,
      Pause pause,
      InstantSource time) {
    this.lease = lease;
    this.conclusion = conclusion;
    this.clients = clients;
    this.profiles = profiles;
    this.leftovers = leftovers;
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
          accepted
              .chain(() -> cleared(attempt, renewal))
              .chain(() -> conclusion.overtaken(attempt.claim(), time.instant()));
    };
  }

  /**
   * Our client was accepted and the grant lives: what was asked for is at fault, scopes as a rule.
   */
  Uni<RefreshOutcome> withoutAccessToken(Attempt attempt, Secret refreshToken, Settled settled) {
    LOG.warnf(
        "The provider refreshed connection %s without an access token", attempt.connection().id());
    return switch (settled) {
      case Settled.Stored stored ->
          clients
              .accepted(attempt.connection().registration())
              .chain(() -> conclusion.failedThere(attempt, Ailment.MISCONFIGURED));
      case Settled.Dropped dropped ->
          leftovers
              .ofRefresh(attempt.connection(), attempt.call().attempt(), refreshToken)
              .chain(() -> conclusion.overtaken(attempt.claim(), time.instant()));
    };
  }

  private Uni<Void> cleared(Attempt attempt, Renewal renewal) {
    return leftovers.ofRefresh(attempt.connection(), attempt.call().attempt(), renewal.tokens());
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
    return enter(claim, credential, true);
  }

  private Uni<RefreshOutcome> stored(Attempt attempt, Renewal renewal, Credential credential) {
    Optional<AccessToken> before = attempt.credential().accessToken();
    if (renewal.isStillborn(before)) {
      LOG.warnf(
          "The provider gave connection %s a token without life; the old one stays",
          attempt.connection().id());
      return conclusion.failed(attempt.claim(), Ailment.SHORT_LIVED_ANSWER);
    }
    if (renewal.isSameToken(before)) {
      return credential
          .accessToken()
          .map(token -> sameToken(attempt, credential, token))
          .orElseGet(() -> conclusion.notDue(attempt.claim(), Optional.empty()));
    }
    return enter(attempt.claim(), credential, false);
  }

  private Uni<RefreshOutcome> enter(Claim claim, Credential credential, boolean repaired) {
    return credential
        .accessToken()
        .map(token -> fresh(claim, credential, token, repaired))
        .orElseGet(() -> conclusion.notDue(claim, Optional.empty()));
  }

  /** A provider that caches its tokens: asking again makes sense after half of what is left. */
  private Uni<RefreshOutcome> sameToken(Attempt attempt, Credential credential, AccessToken token) {
    Claim claim = attempt.claim();
    Instant now = time.instant();
    Instant half = now.plus(token.lifetime().remaining(now).dividedBy(2)).plusSeconds(1);
    Instant again =
        Conclusion.notTooSoon(attempt, earliest(half, keptAlive(claim, credential, token, now)));
    return conclusion.conclude(
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
                      conclusion
                          .notDue(yes.claim(), yes.claim().connection().dueAt())
                          .replaceWithVoid();
                  case Taken.Held elsewhere -> Uni.createFrom().voidItem();
                  case Taken.Gone gone -> Uni.createFrom().voidItem();
                  case Taken.Unavailable unavailable -> Uni.createFrom().voidItem();
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
