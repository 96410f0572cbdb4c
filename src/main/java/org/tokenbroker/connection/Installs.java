package org.tokenbroker.connection;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Ledger.Creation;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.consent.InstallKeeper;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/** Installs as connections that are nobody's until they are claimed (BE-4). */
@ApplicationScoped
public class Installs implements InstallKeeper {
  private static final Logger LOG = Logger.getLogger(Installs.class);
  private static final int BATCH = 20;

  /** After that time the sweep looks whether a grant reached the safe. */
  private static final Duration LOOK_AFTER = Duration.ofMinutes(1);

  /** Longer than a grant that is not durable yet is held in memory. */
  private static final Duration GIVEN_UP_AFTER = Duration.ofDays(1);

  private final Ledger ledger;
  private final Lookups lookups;
  private final Credentials credentials;
  private final BegunInstalls begun;
  private final InstantSource time;

  Installs(
      Ledger ledger,
      Lookups lookups,
      Credentials credentials,
      BegunInstalls begun,
      InstantSource time) {
    this.ledger = ledger;
    this.lookups = lookups;
    this.credentials = credentials;
    this.begun = begun;
    this.time = time;
  }

  @Override
  public Uni<Stored> begin(Install install) {
    return ledger
        .create(
            new Connection(
                install.connection(),
                Optional.empty(),
                install.registration(),
                install.provider(),
                GrantType.AUTHORIZATION_CODE,
                install.requested(),
                new Health.PendingConsent(install.begunAt()),
                Optional.empty(),
                Optional.of(install.begunAt().plus(LOOK_AFTER)),
                Map.of(),
                Map.of(),
                install.begunAt(),
                install.begunAt()))
        .map(created -> created instanceof Creation.Created ? Stored.DONE : Stored.UNAVAILABLE);
  }

  /**
   * A grant that reached the safe is not given up: the ledger only does not know it yet, and the
   * sweep tells it. Without one the ledger goes first: a grant that arrives after that finds that
   * nobody wants it, and revokes itself.
   */
  @Override
  public Uni<Void> abandon(ConnectionId connection) {
    return credentials
        .read(connection)
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when found.credential().holdsToken() ->
                      takeUp(connection);
                  case CredentialRead.Found found -> forget(connection);
                  case CredentialRead.Absent absent -> forget(connection);
                  case CredentialRead.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  private Uni<Void> takeUp(ConnectionId connection) {
    Instant now = time.instant();
    return ledger.expectGrant(connection, now, now).replaceWithVoid();
  }

  private Uni<Void> forget(ConnectionId connection) {
    return begun
        .forget(connection)
        .chain(
            forgotten ->
                forgotten
                    ? credentials.destroy(connection).replaceWithVoid()
                    : Uni.createFrom().voidItem());
  }

  /** Clears away what lost replicas and silent stores left behind. */
  public Uni<Void> abandonOld() {
    return begun
        .before(time.instant().minus(GIVEN_UP_AFTER), BATCH)
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(this::abandon)
        .toUni()
        .replaceWithVoid();
  }

  @Override
  public Uni<Claim> claim(ConnectionId connection, TenantId tenant) {
    return ledger
        .claim(connection, tenant, true, time.instant())
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done done -> claimed(connection, tenant);
                  case LedgerWrite.NotNow notNow -> claim(ofState(notNow.connection(), tenant));
                  case LedgerWrite.Unknown unknown -> whereItMoved(connection, tenant);
                  case LedgerWrite.Unavailable unavailable -> claim(Claim.UNAVAILABLE);
                });
  }

  private static Uni<Claim> claimed(ConnectionId connection, TenantId tenant) {
    LOG.infof("Connection %s is claimed for tenant %s", connection, tenant);
    return claim(Claim.CLAIMED);
  }

  private static Claim ofState(Connection connection, TenantId tenant) {
    if (connection.belongsTo(tenant)) {
      return Claim.CLAIMED;
    }
    return connection.tenant().isPresent() ? Claim.ANOTHERS : Claim.GONE;
  }

  private Uni<Claim> whereItMoved(ConnectionId connection, TenantId tenant) {
    return lookups
        .movedTo(connection)
        .chain(to -> to.map(there -> claim(there, tenant)).orElseGet(() -> claim(Claim.GONE)));
  }

  private static Uni<Claim> claim(Claim claim) {
    return Uni.createFrom().item(claim);
  }
}
