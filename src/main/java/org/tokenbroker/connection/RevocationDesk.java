package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;

/**
 * Ends a connection's grant, or API key, because somebody wants it ended, and does not forget the
 * connection (X-2, G-13):
 *
 * <ol>
 *   <li>state first: from then on nobody refreshes it and nobody is served;
 *   <li>its tokens go to the outbox, and all versions of what it held are destroyed;
 *   <li>the outbox revokes the tokens at the provider, behind the answer.
 * </ol>
 *
 * <p>The same call again completes what is missing.
 */
@ApplicationScoped
public class RevocationDesk {
  private final Ledger ledger;
  private final Disconnection disconnection;
  private final Clients clients;
  private final InstantSource time;

  RevocationDesk(Ledger ledger, Disconnection disconnection, Clients clients, InstantSource time) {
    this.ledger = ledger;
    this.disconnection = disconnection;
    this.clients = clients;
    this.time = time;
  }

  /** Outcome of revoking. */
  public sealed interface Ended {
    /**
     * @param connection as it is now: revoked
     */
    record Done(Connection connection, AtProvider atProvider) implements Ended {}

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
    KEY_STAYS
  }

  public Uni<Ended> revoke(ConnectionId id) {
    return ledger
        .revoke(id, time.instant())
        .chain(
            written ->
                switch (written) {
                  case LedgerWrite.Done done -> erase(id);
                  case LedgerWrite.NotNow(Connection now)
                      when now.health() instanceof Health.Revoked ->
                      erase(id);
                  case LedgerWrite.NotNow(Connection now) ->
                      ended(new Ended.NotPossible(instead(now)));
                  case LedgerWrite.Unknown unknown -> ended(new Ended.Unknown());
                  case LedgerWrite.Unavailable unavailable -> ended(new Ended.Unavailable());
                });
  }

  private Uni<Ended> erase(ConnectionId id) {
    return disconnection
        .erase(id)
        .chain(() -> ledger.find(id))
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found(Connection connection) -> done(connection);
                  case LedgerRead.Unknown deletedMeanwhile -> ended(new Ended.Unknown());
                  case LedgerRead.Unavailable unavailable -> ended(new Ended.Unavailable());
                });
  }

  private Uni<Ended> done(Connection connection) {
    return atProvider(connection).map(there -> new Ended.Done(connection, there));
  }

  private Uni<AtProvider> atProvider(Connection connection) {
    return connection.grant() == GrantType.API_KEY
        ? Uni.createFrom().item(AtProvider.KEY_STAYS)
        : clients.find(connection.registration()).map(RevocationDesk::atProvider);
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
