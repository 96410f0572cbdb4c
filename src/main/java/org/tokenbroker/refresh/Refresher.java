package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.CredentialRead;
import org.tokenbroker.connection.Credentials;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.RefreshPolicy.Decision;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;

/**
 * Refreshes one connection whose lease the caller holds (architecture, "A token's life", step 3):
 *
 * <ol>
 *   <li>read the safe, and repair the ledger if the safe is ahead of it;
 *   <li>look up the client, and let {@link RefreshPolicy} decide;
 *   <li>write the intent: it proves that the safe is writable and fences the refresh token (G-1);
 *   <li>call the provider, once;
 *   <li>make the answer durable;
 *   <li>conclude: write the ledger, fenced by the epoch, and give the lease back.
 * </ol>
 *
 * <p>A refresh token is never presented before step 3 succeeded, and nobody is served the new token
 * before step 5 did (BE-15).
 */
@ApplicationScoped
public class Refresher {
  private final Credentials credentials;
  private final Clients clients;
  private final Intents intents;
  private final ProviderCalls calls;
  private final FreshTokens fresh;
  private final Conclusion conclusion;
  private final RefreshObserver observer;
  private final InstantSource time;
  private final Probes probes = new Probes();

  Refresher(
      Credentials credentials,
      Clients clients,
      Intents intents,
      ProviderCalls calls,
      FreshTokens fresh,
      Conclusion conclusion,
      RefreshObserver observer,
      InstantSource time) {
    this.credentials = credentials;
    this.clients = clients;
    this.intents = intents;
    this.calls = calls;
    this.fresh = fresh;
    this.conclusion = conclusion;
    this.observer = observer;
    this.time = time;
  }

  /**
   * One refresh under way.
   *
   * @param forced a consumer reported the token: refresh although it has life left
   */
  record Attempt(
      Claim claim,
      boolean forced,
      Credential credential,
      SafeVersion version,
      ProviderClient client,
      PendingCall call) {
    Connection connection() {
      return claim.connection();
    }
  }

  public Uni<RefreshOutcome> refresh(Claim claim, boolean forced) {
    LogContext.connection(claim.connection().id());
    observer.started(claim.connection());
    return credentials
        .read(claim.connection().id())
        .chain(read -> withCredential(claim, forced, read))
        .invoke(outcome -> observer.ended(claim.connection(), outcome, lag(claim)));
  }

  private Uni<RefreshOutcome> withCredential(Claim claim, boolean forced, CredentialRead read) {
    return switch (read) {
      case CredentialRead.Found found when isLeftOver(found.credential(), claim.connection()) ->
          conclusion.notDue(claim, Optional.empty());
      case CredentialRead.Found found when isAhead(found.credential(), claim.connection()) ->
          fresh.repaired(claim, found.credential());
      case CredentialRead.Found found ->
          lookUpClient(
              claim,
              forced,
              intents.withoutNoCall(claim.connection().id(), found.credential()),
              found.version());
      case CredentialRead.Absent absent when hasNothingToLose(claim.connection()) ->
          lookUpClient(claim, forced, Credential.EMPTY, absent.version());
      case CredentialRead.Absent absent -> conclusion.missing(claim);
      case CredentialRead.Unavailable unavailable ->
          conclusion.failed(claim, Ailment.SAFE_UNAVAILABLE);
    };
  }

  private Uni<RefreshOutcome> lookUpClient(
      Claim claim, boolean forced, Credential credential, SafeVersion version) {
    return clients
        .find(claim.connection().registration())
        .map(lookup -> lookup.toldBy(credential.facts()))
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready ->
                      decide(claim, forced, credential, version, ready.client());
                  case ClientLookup.Unknown unknown ->
                      conclusion.failed(claim, Ailment.MISCONFIGURED);
                  case ClientLookup.Incomplete incomplete ->
                      conclusion.failed(claim, Ailment.MISCONFIGURED);
                  case ClientLookup.SafeUnavailable unavailable ->
                      conclusion.failed(claim, Ailment.SAFE_UNAVAILABLE);
                  case ClientLookup.LedgerUnavailable unavailable -> conclusion.ledgerUnavailable();
                });
  }

  private Uni<RefreshOutcome> decide(
      Claim claim,
      boolean forced,
      Credential credential,
      SafeVersion version,
      ProviderClient client) {
    if (isUnfinished(claim, credential)) {
      observer.takenOver(claim.connection());
    }
    Decision decision =
        RefreshPolicy.decide(
            claim.connection(),
            credential,
            client.profile(),
            probes.seenByOne(client.registration(), time.instant()),
            forced,
            time.instant());
    return switch (decision) {
      case Decision.Due due ->
          writeIntent(attempt(claim, forced, credential, version, client, due.presentations()));
      case Decision.Wait wait -> conclusion.notDue(claim, Optional.of(wait.until()));
      case Decision.BackOff backOff -> conclusion.backedOff(claim, backOff.until());
      case Decision.Prolong prolong -> prolong(claim, credential, version);
      case Decision.Stop stop -> conclusion.refused(claim, stop.cause());
      case Decision.Rest rest -> conclusion.notDue(claim, Optional.empty());
    };
  }

  /** Nobody is called: the provider said that the token does not end. */
  private Uni<RefreshOutcome> prolong(Claim claim, Credential credential, SafeVersion version) {
    Credential longer = credential.prolonged(time.instant());
    return credentials
        .write(claim.connection().id(), longer, version)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> fresh.withoutCall(claim, longer);
                  case SafeWrite.Conflict conflict -> conclusion.overtaken(claim, time.instant());
                  case SafeWrite.Unavailable unavailable ->
                      conclusion.failed(claim, Ailment.SAFE_UNAVAILABLE);
                });
  }

  private Attempt attempt(
      Claim claim,
      boolean forced,
      Credential credential,
      SafeVersion version,
      ProviderClient client,
      int presentations) {
    PendingCall call =
        new PendingCall(
            UUID.randomUUID().toString(),
            claim.epoch(),
            time.instant(),
            presented(claim.connection(), credential),
            presentations);
    return new Attempt(claim, forced, credential, version, client, call);
  }

  private Uni<RefreshOutcome> writeIntent(Attempt attempt) {
    return credentials
        .write(
            attempt.connection().id(),
            attempt.credential().withPending(attempt.call()),
            attempt.version())
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> calls.make(attempt);
                  case SafeWrite.Conflict conflict ->
                      conclusion.overtaken(attempt.claim(), time.instant());
                  case SafeWrite.Unavailable unavailable -> {
                    intents.notSent(attempt);
                    yield conclusion.failed(attempt.claim(), Ailment.SAFE_UNAVAILABLE);
                  }
                });
  }

  private static long presented(Connection connection, Credential credential) {
    return RefreshPolicy.spendsRefreshToken(connection.grant())
        ? credential.refreshTokenNumber()
        : 0;
  }

  private static boolean isAhead(Credential credential, Connection connection) {
    return credential.generation().isNewerThan(connection.issued());
  }

  /** Of a revoked connection, unless its owner has agreed anew since. */
  private static boolean isLeftOver(Credential credential, Connection connection) {
    return connection.health() instanceof Health.Revoked revoked
        && credential.grant().filter(grant -> revoked.isBefore(grant.startedAt())).isEmpty();
  }

  /** An intent of an earlier epoch whose end nobody wrote into the ledger. */
  private static boolean isUnfinished(Claim claim, Credential credential) {
    boolean known =
        claim.connection().health() instanceof Health.Ailing ailing
            && ailing.ailment() == Ailment.OUTCOME_UNKNOWN;
    return !known
        && credential
            .pending()
            .filter(call -> call.epoch() < claim.epoch())
            .filter(call -> call.refreshTokenNumber() == credential.refreshTokenNumber())
            .isPresent();
  }

  /** Client credentials are asked for anew from nothing; an owner's grant is not. */
  private static boolean hasNothingToLose(Connection connection) {
    return !RefreshPolicy.spendsRefreshToken(connection.grant());
  }

  private Optional<Duration> lag(Claim claim) {
    return claim
        .connection()
        .dueAt()
        .map(due -> Duration.between(due, time.instant()))
        .filter(lag -> !lag.isNegative());
  }
}
