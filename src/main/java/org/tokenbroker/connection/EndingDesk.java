package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.consent.Invitations;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;

/**
 * Ends connections, or what they were granted, because somebody wants it so (X-2, G-13):
 *
 * <ol>
 *   <li>state first: from then on nobody refreshes it and nobody is served;
 *   <li>its tokens go to the outbox, and all versions of what it held are destroyed;
 *   <li>the outbox revokes the tokens at the provider, behind the answer.
 * </ol>
 *
 * <p>What is not done with the answer is done behind it.
 */
@ApplicationScoped
public class EndingDesk {
  private final Ledger ledger;
  private final Invitations invitations;
  private final Disconnection disconnection;
  private final Clients clients;
  private final InstantSource time;

  EndingDesk(
      Ledger ledger,
      Invitations invitations,
      Disconnection disconnection,
      Clients clients,
      InstantSource time) {
    this.ledger = ledger;
    this.invitations = invitations;
    this.disconnection = disconnection;
    this.clients = clients;
    this.time = time;
  }

  /** Outcome of ending. */
  public sealed interface Ended {
    /**
     * @param connection as it is now, or was when it was deleted
     * @param erased whether nothing of it is left in the safe
     */
    record Done(Connection connection, boolean erased, AtProvider atProvider) implements Ended {}

    record Unknown() implements Ended {}

    /**
     * @param fix what to do instead
     */
    record NotPossible(String fix) implements Ended {}

    record Unavailable() implements Ended {}
  }

  /** What becomes of it at the provider. */
  public enum AtProvider {
    /** It is told, behind the answer and again until it has taken note (RFC 7009). */
    TOLD,
    /** It is told once the registration can be used again, within 48 hours. */
    TOLD_LATER,
    /** It cannot be told: tokens that are out live until they expire. */
    NO_ENDPOINT,
    /** Only whoever made an API key can withdraw it there. */
    KEY_STAYS,
    /** It holds nothing of the connection. */
    NOTHING
  }

  /**
   * Ends the grant, or the API key, and does not forget the connection. The same call again
   * completes what is missing and answers the same. Consent links are withdrawn with the state.
   */
  public Uni<Ended> revoke(ConnectionId id) {
    return ledger
        .revoke(id, time.instant())
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done done -> revoked(id);
                  case LedgerWrite.NotNow(Connection now)
                      when now.health() instanceof Health.Revoked ->
                      revoked(id);
                  case LedgerWrite.NotNow(Connection now) ->
                      ended(new Ended.NotPossible(instead(now)));
                  case LedgerWrite.Unknown unknown -> ended(new Ended.Unknown());
                  case LedgerWrite.Unavailable unavailable -> ended(new Ended.Unavailable());
                });
  }

  /** Forgets the connection: from then on it is unknown to everybody. */
  public Uni<Ended> delete(ConnectionId id) {
    return ledger
        .delete(id, time.instant())
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done(Connection deleted) -> deleted(deleted);
                  case LedgerWrite.NotNow neverSaid -> ended(new Ended.Unavailable());
                  case LedgerWrite.Unknown unknown -> ended(new Ended.Unknown());
                  case LedgerWrite.Unavailable unavailable -> ended(new Ended.Unavailable());
                });
  }

  /** Whether it had something that dies with it. */
  public static boolean holdsSomething(Health health) {
    return switch (health) {
      case Health.PendingConsent pending -> false;
      case Health.Revoked revoked -> false;
      case Health.Disabled disabled -> holdsSomething(disabled.before());
      case Health.Connecting connecting -> true;
      case Health.Unclaimed unclaimed -> true;
      case Health.Active active -> true;
      case Health.Ailing ailing -> true;
      case Health.NeedsConsent needs -> true;
    };
  }

  private Uni<Ended> revoked(ConnectionId id) {
    return disconnection
        .erase(id)
        .chain(() -> ledger.find(id))
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found(Connection connection) -> revoked(connection);
                  case LedgerRead.Unknown deletedMeanwhile -> ended(new Ended.Unknown());
                  case LedgerRead.Unavailable unavailable -> ended(new Ended.Unavailable());
                });
  }

  private Uni<Ended> revoked(Connection connection) {
    boolean erased = !(connection.health() instanceof Health.Revoked revoked) || revoked.erased();
    return atProvider(connection).map(there -> new Ended.Done(connection, erased, there));
  }

  private Uni<Ended> deleted(Connection connection) {
    return invitations
        .withdraw(connection.id())
        .chain(() -> disconnection.erase(connection.id()))
        .chain(
            erased ->
                (holdsSomething(connection.health())
                        ? atProvider(connection)
                        : Uni.createFrom().item(AtProvider.NOTHING))
                    .map(there -> new Ended.Done(connection, erased, there)));
  }

  private Uni<AtProvider> atProvider(Connection connection) {
    return connection.grant() == GrantType.API_KEY
        ? Uni.createFrom().item(AtProvider.KEY_STAYS)
        : clients.find(connection.registration()).map(EndingDesk::atProvider);
  }

  private static AtProvider atProvider(ClientLookup lookup) {
    return switch (lookup) {
      case ClientLookup.Ready ready ->
          ready.client().site().revoke().isPresent() ? AtProvider.TOLD : AtProvider.NO_ENDPOINT;
      case ClientLookup.Unknown unknown -> AtProvider.NO_ENDPOINT;
      case ClientLookup.Incomplete incomplete -> AtProvider.TOLD_LATER;
      case ClientLookup.SafeUnavailable unavailable -> AtProvider.TOLD_LATER;
      case ClientLookup.LedgerUnavailable unavailable -> AtProvider.TOLD_LATER;
    };
  }

  private static String instead(Connection connection) {
    return switch (connection.grant()) {
      case CLIENT_CREDENTIALS ->
          "Nobody granted it anything: its tokens come of the registration's own client. Disable it, or delete it, which revokes its token.";
      case API_KEY -> "It has no API key yet: delete it.";
      case AUTHORIZATION_CODE ->
          connection.tenant().isEmpty()
              ? "Nobody has claimed it: delete it, which revokes its tokens."
              : "Its owner has not agreed yet: disable or delete it, and its consent links stop working.";
    };
  }

  private static Uni<Ended> ended(Ended ended) {
    return Uni.createFrom().item(ended);
  }
}
