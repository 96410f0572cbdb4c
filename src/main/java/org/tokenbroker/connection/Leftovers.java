package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.RevocationOrders.Tokens;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/**
 * What a provider granted and nobody keeps: it leaves nothing in the safe, and its tokens are
 * revoked (G-13). Not where the connection holds another grant of the same owner: many providers
 * end all tokens of an account with one of them, and what is in use must not die.
 */
@ApplicationScoped
public class Leftovers {
  private static final Logger LOG = Logger.getLogger(Leftovers.class);

  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Credentials credentials;
  private final Ledger ledger;
  private final RevocationOrders orders;
  private final DurableWriter writer;
  private final Pause pause;

  Leftovers(
      Credentials credentials,
      Ledger ledger,
      RevocationOrders orders,
      DurableWriter writer,
      Pause pause) {
    this.credentials = credentials;
    this.ledger = ledger;
    this.orders = orders;
    this.writer = writer;
    this.pause = pause;
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
      return tokensOf(tokens);
    }
  }

  /**
   * Clears up after what became of it, however long the safe and the ledger are silent; nothing
   * that goes wrong here changes what became of it.
   */
  Uni<Void> of(Arrived arrived, Outcome outcome) {
    return clear(arrived, outcome)
        .onFailure()
        .invoke(failure -> report(arrived.id(), failure))
        .onFailure()
        .recoverWithNull();
  }

  /**
   * A refresh answer that was not stored, because the safe held something else by then. Of a
   * connection that was deleted or revoked meanwhile, nobody else has these tokens: until the
   * outbox does, they are undurable.
   *
   * @param attempt the call that brought it
   */
  public Uni<Void> ofRefresh(Connection connection, String attempt, GrantedTokens tokens) {
    return writer.counted(ofRefresh(connection, attempt, tokensOf(tokens)));
  }

  /** The same where it brought a refresh token alone. */
  public Uni<Void> ofRefresh(Connection connection, String attempt, Secret refreshToken) {
    return writer.counted(
        ofRefresh(
            connection, attempt, Tokens.of(Optional.empty(), Optional.of(refreshToken), Map.of())));
  }

  private Uni<Void> ofRefresh(Connection connection, String attempt, Tokens tokens) {
    return ledger
        .find(connection.id())
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found when isRevoked(found.connection()) ->
                      revoke(connection, attempt, tokens);
                  case LedgerRead.Found inUse -> Uni.createFrom().voidItem();
                  case LedgerRead.Unknown deleted -> revoke(connection, attempt, tokens);
                  case LedgerRead.Unavailable unavailable ->
                      later(() -> ofRefresh(connection, attempt, tokens));
                });
  }

  private Uni<Void> revoke(Connection connection, String attempt, Tokens tokens) {
    return orders.putSurely(connection.id() + "." + attempt, connection.registration(), tokens);
  }

  private static boolean isRevoked(Connection connection) {
    return connection.health() instanceof Health.Revoked;
  }

  private static Tokens tokensOf(GrantedTokens granted) {
    return Tokens.of(
        Optional.of(granted.accessToken()), granted.refreshToken(), granted.metadata());
  }

  private static void report(ConnectionId id, Throwable failure) {
    LOG.errorf(
        "Clearing up after a grant of connection %s failed: %s", id, failure.getClass().getName());
  }

  private Uni<Void> clear(Arrived arrived, Outcome outcome) {
    return switch (outcome) {
      case KEPT, HELD, SUPERSEDED -> Uni.createFrom().voidItem();
      case NOT_WANTED -> revoke(arrived).chain(() -> withdraw(arrived));
      case NO_REFRESH_TOKEN -> revokeUnlessAnother(arrived);
    };
  }

  private Uni<Void> revokeUnlessAnother(Arrived arrived) {
    return ledger
        .find(arrived.id())
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found ->
                      holdsGrant(found.connection().health())
                          ? Uni.createFrom().voidItem()
                          : revokeUnlessStored(arrived);
                  case LedgerRead.Unknown unknown -> revokeUnlessStored(arrived);
                  case LedgerRead.Unavailable unavailable ->
                      later(() -> revokeUnlessAnother(arrived));
                });
  }

  /** One that is in the safe and not yet in the ledger would die with it. */
  private Uni<Void> revokeUnlessStored(Arrived arrived) {
    return credentials
        .read(arrived.id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when found.credential().holdsToken() ->
                      Uni.createFrom().voidItem();
                  case CredentialRead.Found found -> revoke(arrived);
                  case CredentialRead.Absent absent -> revoke(arrived);
                  case CredentialRead.Unavailable unavailable ->
                      later(() -> revokeUnlessStored(arrived));
                });
  }

  private Uni<Void> later(Supplier<Uni<Void>> again) {
    return pause.of(AGAIN).chain(again::get);
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
          orders.putSurely(arrived.order(), issued.registration(), arrived.all());
      case Arrival.Moved livesOn -> Uni.createFrom().voidItem();
    };
  }

  /**
   * It may have reached the safe before the ledger refused it. What came since, or announced itself
   * since, stays.
   */
  private Uni<Void> withdraw(Arrived arrived) {
    return credentials
        .read(arrived.id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when isOf(arrived, found.credential()) ->
                      withdraw(arrived, found);
                  case CredentialRead.Found others -> Uni.createFrom().voidItem();
                  case CredentialRead.Absent absent -> Uni.createFrom().voidItem();
                  case CredentialRead.Unavailable unavailable -> later(() -> withdraw(arrived));
                });
  }

  /** Looks again after that: whoever announced an agreement meanwhile wrote the grant once more. */
  private Uni<Void> withdraw(Arrived arrived, CredentialRead.Found found) {
    return found
        .credential()
        .awaited()
        .map(coming -> leave(arrived, Credential.EMPTY.awaiting(coming), found.version()))
        .orElseGet(() -> destroy(arrived, found.version()));
  }

  private Uni<Void> leave(Arrived arrived, Credential announced, SafeVersion expected) {
    return credentials
        .write(arrived.id(), announced, expected)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> destroy(arrived, expected);
                  case SafeWrite.Conflict conflict -> withdraw(arrived);
                  case SafeWrite.Unavailable unavailable -> later(() -> withdraw(arrived));
                });
  }

  private Uni<Void> destroy(Arrived arrived, SafeVersion seen) {
    return credentials
        .destroyUpTo(arrived.id(), seen)
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> withdraw(arrived);
                  case SafeDestroy.Unavailable unavailable -> later(() -> destroy(arrived, seen));
                });
  }

  private static boolean isOf(Arrived arrived, Credential credential) {
    return credential.grant().filter(own -> own.id().equals(arrived.grant().id())).isPresent();
  }
}
