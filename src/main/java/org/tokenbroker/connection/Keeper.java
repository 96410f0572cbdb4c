package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.DurableWriter.Settled;
import org.tokenbroker.connection.Ledger.Agreed;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.connection.Leftovers.Arrived;
import org.tokenbroker.consent.GrantKeeper;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;

/** Keeps what an owner granted as the connection's credential, in place of the former one. */
@ApplicationScoped
public class Keeper implements GrantKeeper {
  private static final Logger LOG = Logger.getLogger(Keeper.class);

  /**
   * After that time the sweep looks whether the grant reached the safe; longer than an exchange may
   * take.
   */
  private static final Duration LOOK_AFTER = Duration.ofMinutes(1);

  /** How long an owner's browser waits for a safe that fails after the exchange. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(2);

  private static final int WRITE_ATTEMPTS = 3;

  private final Credentials credentials;
  private final DurableWriter writer;
  private final Ledger ledger;
  private final EndFinder ends;
  private final Leftovers leftovers;
  private final Apart apart;
  private final InstantSource time;

  Keeper(
      Credentials credentials,
      DurableWriter writer,
      Ledger ledger,
      EndFinder ends,
      Leftovers leftovers,
      Apart apart,
      InstantSource time) {
    this.credentials = credentials;
    this.writer = writer;
    this.ledger = ledger;
    this.ends = ends;
    this.leftovers = leftovers;
    this.apart = apart;
    this.time = time;
  }

  @Override
  public Uni<Readiness> prepare(ConnectionId id, GrantId grant) {
    return ledger
        .expectGrant(id, grant.startedAt(), time.instant().plus(LOOK_AFTER))
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done done ->
                      announce(
                          id,
                          new Grant(grant.id(), grant.startedAt(), grant.redirectUri()),
                          WRITE_ATTEMPTS);
                  case LedgerWrite.Unknown unknown -> Uni.createFrom().item(Readiness.NOT_WANTED);
                  case LedgerWrite.NotNow notNow ->
                      Uni.createFrom().item(refused(notNow.connection().health(), grant));
                  case LedgerWrite.Unavailable unavailable ->
                      Uni.createFrom().item(Readiness.UNAVAILABLE);
                });
  }

  /** Goes on until the grant is durable and the ledger knows it, however long the caller waits. */
  @Override
  public Uni<Outcome> keep(
      ConnectionId id,
      GrantId grantId,
      Arrival arrival,
      GrantedTokens tokens,
      Scopes requested,
      Profile profile) {
    Grant grant = new Grant(grantId.id(), grantId.startedAt(), grantId.redirectUri());
    Arrived arrived = new Arrived(id, grantId, arrival, tokens);
    Uni<Outcome> kept =
        apart
            .run(
                () ->
                    keepNow(id, grant, arrival, tokens, requested, profile)
                        .call(outcome -> cleared(arrived, outcome)))
            .memoize()
            .indefinitely();
    kept.subscribe()
        .with(
            outcome -> {},
            failure ->
                LOG.errorf(
                    "Keeping the grant of connection %s failed: %s",
                    id, failure.getClass().getName()));
    return kept.ifNoItem().after(PATIENCE).recoverWithItem(Outcome.HELD);
  }

  /** Goes on behind the answer where the stores are silent; until then tokens are undurable. */
  private Uni<Void> cleared(Arrived arrived, Outcome outcome) {
    Uni<Void> cleared = writer.counted(leftovers.of(arrived, outcome));
    cleared.subscribe().with(done -> {});
    return cleared.ifNoItem().after(LEDGER_PATIENCE).recoverWithUni(Uni.createFrom().voidItem());
  }

  private Uni<Outcome> keepNow(
      ConnectionId id,
      Grant grant,
      Arrival arrival,
      GrantedTokens tokens,
      Scopes requested,
      Profile profile) {
    LogContext.connection(id);
    return newestGeneration(id)
        .map(newest -> new Acceptance(grant, tokens, requested, newest, profile))
        .chain(
            acceptance ->
                acceptance.standsAlone() || acceptance.takesEarlierRefreshToken()
                    ? settle(id, acceptance, arrival)
                    : Uni.createFrom().item(Outcome.NO_REFRESH_TOKEN));
  }

  private Uni<Outcome> settle(ConnectionId id, Acceptance acceptance, Arrival arrival) {
    return writer
        .settle(id, acceptance::onto)
        .chain(settled -> ends.refined(id, acceptance.tokens(), acceptance.profile(), settled))
        .chain(settled -> record(id, settled, acceptance, arrival));
  }

  /** What a later agreement can bring back takes a code once it is erased. */
  private static Readiness refused(Health health, GrantId grant) {
    return health instanceof Health.Revoked revoked
            && revoked.isBefore(grant.startedAt())
            && !revoked.erased()
        ? Readiness.UNAVAILABLE
        : Readiness.NOT_WANTED;
  }

  private Uni<Readiness> announce(ConnectionId id, Grant grant, int attempts) {
    return credentials
        .read(id)
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when found.credential().outdates(grant) ->
                      Uni.createFrom().item(Readiness.NOT_WANTED);
                  case CredentialRead.Found found ->
                      announce(
                          id, found.credential().awaiting(grant), grant, found.version(), attempts);
                  case CredentialRead.Absent absent ->
                      announce(
                          id, Credential.EMPTY.awaiting(grant), grant, absent.version(), attempts);
                  case CredentialRead.Unavailable unavailable ->
                      Uni.createFrom().item(Readiness.UNAVAILABLE);
                });
  }

  private Uni<Readiness> announce(
      ConnectionId id, Credential announced, Grant grant, SafeVersion expected, int attempts) {
    return credentials
        .write(id, announced, expected)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> Uni.createFrom().item(Readiness.READY);
                  case SafeWrite.Conflict conflict when attempts > 1 ->
                      announce(id, grant, attempts - 1);
                  case SafeWrite.Conflict conflict -> Uni.createFrom().item(Readiness.UNAVAILABLE);
                  case SafeWrite.Unavailable unavailable ->
                      Uni.createFrom().item(Readiness.UNAVAILABLE);
                });
  }

  /**
   * The grant is durable by now: a ledger that fails here is repaired by the sweep, from the safe.
   */
  private Uni<Outcome> record(
      ConnectionId id, Settled settled, Acceptance acceptance, Arrival arrival) {
    return switch (settled) {
      case Settled.Stored stored ->
          stored
              .credential()
              .accessToken()
              .map(token -> agreed(id, stored.credential(), token, acceptance, arrival))
              .orElseGet(() -> Uni.createFrom().item(Outcome.KEPT));
      case Settled.Dropped dropped ->
          acceptance.standsAlone()
              ? ledger.find(id).map(read -> whyDropped(read, acceptance.grant()))
              : Uni.createFrom().item(Outcome.NO_REFRESH_TOKEN);
    };
  }

  /** After a revocation a newer agreement may be in the safe, and not yet in the ledger. */
  private static Outcome whyDropped(LedgerRead read, Grant grant) {
    return switch (read) {
      case LedgerRead.Found found
          when found.connection().health() instanceof Health.Revoked revoked
              && !revoked.isBefore(grant.startedAt()) ->
          Outcome.NOT_WANTED;
      case LedgerRead.Found found -> Outcome.SUPERSEDED;
      case LedgerRead.Unknown unknown -> Outcome.NOT_WANTED;
      case LedgerRead.Unavailable unavailable -> Outcome.SUPERSEDED;
    };
  }

  private Uni<Outcome> agreed(
      ConnectionId id,
      Credential credential,
      AccessToken token,
      Acceptance acceptance,
      Arrival arrival) {
    Instant now = time.instant();
    Profile profile = acceptance.profile();
    Term term = Term.kept(agreedAt(arrival, now), profile.grant(), credential);
    Held held = new Held(token.generation(), token.lifetime(), token.scopes());
    Agreed agreed =
        new Agreed(
            acceptance.grant().startedAt(),
            held,
            credential.facts(),
            profile.postConnect().isPresent(),
            term,
            Windows.of(id, held, Rhythm.of(profile), credential.refreshToken()).nextRefresh(now));
    return ledger
        .agreed(id, agreed, now)
        .invoke(written -> report(id, written))
        .map(Keeper::outcome);
  }

  private static Instant agreedAt(Arrival arrival, Instant now) {
    return switch (arrival) {
      case Arrival.Issued issued -> now;
      case Arrival.Moved moved -> moved.agreedAt().orElse(now);
    };
  }

  private static Outcome outcome(LedgerWrite written) {
    return switch (written) {
      case LedgerWrite.Done done -> Outcome.KEPT;
      case LedgerWrite.NotNow notNow when notNow.connection().health() instanceof Health.Revoked ->
          Outcome.NOT_WANTED;
      case LedgerWrite.NotNow notNow -> Outcome.KEPT;
      case LedgerWrite.Unknown unknown -> Outcome.NOT_WANTED;
      case LedgerWrite.Unavailable unavailable -> Outcome.KEPT;
    };
  }

  private static void report(ConnectionId id, LedgerWrite written) {
    switch (written) {
      case LedgerWrite.Done done -> report(done.connection());
      case LedgerWrite.Unknown unknown ->
          LOG.infof("Connection %s was deleted while its owner agreed", id);
      case LedgerWrite.NotNow notNow when notNow.connection().health() instanceof Health.Revoked ->
          LOG.infof("Connection %s was revoked while its owner agreed", id);
      case LedgerWrite.NotNow notNow ->
          LOG.infof("The ledger knows a newer token of connection %s; the grant is kept", id);
      case LedgerWrite.Unavailable unavailable ->
          LOG.warnf(
              "The grant of connection %s is in the safe but not in the ledger yet; the sweep repairs it",
              id);
    }
  }

  private static void report(Connection connection) {
    LOG.infof("Connection %s is %s", connection.id(), States.name(connection.health()));
    if (!connection.missingScopes().isEmpty()) {
      LOG.warnf("Connection %s was granted less than was asked for", connection.id());
    }
  }

  /**
   * The code is spent by now: a ledger that does not answer must not keep the grant from the safe.
   */
  private Uni<Generation> newestGeneration(ConnectionId id) {
    return ledger
        .find(id)
        .map(Keeper::generation)
        .ifNoItem()
        .after(LEDGER_PATIENCE)
        .recoverWithItem(Generation.NONE)
        .onFailure()
        .recoverWithItem(Generation.NONE);
  }

  private static Generation generation(LedgerRead read) {
    return switch (read) {
      case LedgerRead.Found found -> found.connection().issued();
      case LedgerRead.Unknown unknown -> Generation.NONE;
      case LedgerRead.Unavailable unavailable -> Generation.NONE;
    };
  }
}
