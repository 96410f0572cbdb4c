package org.tokenbroker.connection;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Ledger.Creation;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.consent.InstallKeeper;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.safe.SafeDestroy;
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
  private final Leftovers leftovers;
  private final InstantSource time;

  Installs(
      Ledger ledger,
      Lookups lookups,
      Credentials credentials,
      BegunInstalls begun,
      Leftovers leftovers,
      InstantSource time) {
    this.ledger = ledger;
    this.lookups = lookups;
    this.credentials = credentials;
    this.begun = begun;
    this.leftovers = leftovers;
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

  /** The safe first: what it holds can then still be found. A grant that it holds is revoked. */
  @Override
  public Uni<Void> abandon(ConnectionId connection) {
    return leftovers
        .ofInstall(connection)
        .chain(cleared -> cleared ? destroy(connection) : Uni.createFrom().voidItem());
  }

  private Uni<Void> destroy(ConnectionId connection) {
    return credentials
        .destroy(connection)
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> begun.forget(connection).replaceWithVoid();
                  case SafeDestroy.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
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
