package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.RevocationOrders.Tokens;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/**
 * What a provider granted and nobody keeps: it leaves nothing in the safe, and its tokens are
 * revoked (G-13). Not where the connection holds another grant of the same owner: many providers
 * end all tokens of an account with one of them, and what is in use must not die.
 */
@ApplicationScoped
class Leftovers {
  private static final Logger LOG = Logger.getLogger(Leftovers.class);

  private final Credentials credentials;
  private final Ledger ledger;
  private final RevocationOrders orders;

  Leftovers(Credentials credentials, Ledger ledger, RevocationOrders orders) {
    this.credentials = credentials;
    this.ledger = ledger;
    this.orders = orders;
  }

  /**
   * A grant on its way.
   *
   * @param arrival where it came from
   */
  record Arrived(ConnectionId id, GrantId grant, Arrival arrival, GrantedTokens tokens) {
    String order() {
      return id + "." + grant.id();
    }

    Tokens all() {
      return Tokens.of(Optional.of(tokens.accessToken()), tokens.refreshToken(), tokens.metadata());
    }
  }

  /** Clears up after what became of it; nothing that goes wrong here changes that. */
  Uni<Void> of(Arrived arrived, Outcome outcome) {
    return clear(arrived, outcome)
        .onFailure()
        .invoke(
            failure ->
                LOG.errorf(
                    "Clearing up after a grant of connection %s failed: %s",
                    arrived.id(), failure.getClass().getName()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> clear(Arrived arrived, Outcome outcome) {
    return switch (outcome) {
      case KEPT, HELD, SUPERSEDED -> Uni.createFrom().voidItem();
      case NOT_WANTED -> revoke(arrived).chain(() -> destroyIfStored(arrived));
      case NO_REFRESH_TOKEN ->
          ledger
              .find(arrived.id())
              .chain(
                  read ->
                      holdsGrant(read) ? Uni.createFrom().voidItem() : revokeUnlessStored(arrived));
    };
  }

  /** One that is in the safe and not yet in the ledger would die with it. */
  private Uni<Void> revokeUnlessStored(Arrived arrived) {
    return credentials
        .read(arrived.id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found ->
                      Tokens.of(found.credential()).isEmpty()
                          ? revoke(arrived)
                          : Uni.createFrom().voidItem();
                  case CredentialRead.Absent absent -> revoke(arrived);
                  case CredentialRead.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  /**
   * Of an install that is given up.
   *
   * @return whether nothing of it has to be kept any longer
   */
  Uni<Boolean> ofInstall(ConnectionId install) {
    return ledger
        .find(install)
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found ->
                      ofInstall(install, found.connection().registration());
                  case LedgerRead.Unknown unknown -> Uni.createFrom().item(true);
                  case LedgerRead.Unavailable unavailable -> Uni.createFrom().item(false);
                });
  }

  private Uni<Boolean> ofInstall(ConnectionId install, RegistrationId registration) {
    return credentials
        .read(install)
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found ->
                      ordered(install, registration, Tokens.of(found.credential()));
                  case CredentialRead.Absent absent -> Uni.createFrom().item(true);
                  case CredentialRead.Unavailable unavailable -> Uni.createFrom().item(false);
                });
  }

  private Uni<Boolean> ordered(ConnectionId install, RegistrationId registration, Tokens tokens) {
    return tokens.isEmpty()
        ? Uni.createFrom().item(true)
        : orders.put(install + ".abandoned", registration, tokens);
  }

  private static boolean holdsGrant(LedgerRead read) {
    return switch (read) {
      case LedgerRead.Found found -> holdsGrant(found.connection().health());
      case LedgerRead.Unknown unknown -> false;
      case LedgerRead.Unavailable unavailable -> true;
    };
  }

  private static boolean holdsGrant(Health health) {
    return switch (health) {
      case Health.PendingConsent pending -> false;
      case Health.Revoked revoked -> false;
      case Health.Connecting connecting -> true;
      case Health.Unclaimed unclaimed -> true;
      case Health.Active active -> true;
      case Health.Ailing ailing -> true;
      case Health.NeedsConsent needs -> true;
      case Health.Disabled disabled -> true;
    };
  }

  private Uni<Void> revoke(Arrived arrived) {
    return switch (arrived.arrival()) {
      case Arrival.Issued issued ->
          orders
              .put(arrived.order(), issued.registration(), arrived.all())
              .invoke(ordered -> report(arrived.id(), ordered))
              .replaceWithVoid();
      case Arrival.Moved livesOn -> Uni.createFrom().voidItem();
    };
  }

  private static void report(ConnectionId id, boolean ordered) {
    if (!ordered) {
      LOG.warnf("Tokens of connection %s that nobody keeps live on until they expire", id);
    }
  }

  /** It may have reached the safe before the ledger refused it. */
  private Uni<Void> destroyIfStored(Arrived arrived) {
    return credentials
        .read(arrived.id())
        .chain(
            read ->
                read instanceof CredentialRead.Found found && isOf(arrived, found.credential())
                    ? credentials.destroy(arrived.id())
                    : Uni.createFrom().item(new SafeDestroy.Destroyed()))
        .replaceWithVoid();
  }

  private static boolean isOf(Arrived arrived, Credential credential) {
    return credential.grant().filter(own -> own.id().equals(arrived.grant().id())).isPresent();
  }
}
