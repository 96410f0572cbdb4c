package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.DurableWriter.Decision;
import org.tokenbroker.connection.DurableWriter.Settled;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Introspection;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Secret;

/**
 * Asks the provider when a token ends whose answer did not say ({@code expiry.introspect}).
 *
 * <ol>
 *   <li>Asked only once the token is durable: what becomes of the question costs no grant (G-1).
 *   <li>Whoever waits for it waits a few seconds at the most; without an answer the profile's
 *       default stands.
 * </ol>
 */
@ApplicationScoped
public class EndFinder {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Ledger ledger;
  private final Clients clients;
  private final Introspection introspection;
  private final DurableWriter writer;

  EndFinder(Ledger ledger, Clients clients, Introspection introspection, DurableWriter writer) {
    this.ledger = ledger;
    this.clients = clients;
    this.introspection = introspection;
    this.writer = writer;
  }

  /**
   * @param settled how keeping these tokens ended
   * @return the same, or what the safe holds with the end that was told
   */
  public Uni<Settled> refined(
      ConnectionId id, GrantedTokens tokens, ProviderClient client, Settled settled) {
    return isToAsk(tokens, client.profile(), settled)
        ? inTime(introspection.end(client, tokens.accessToken()))
            .chain(end -> with(id, tokens.accessToken(), end, settled))
        : Uni.createFrom().item(settled);
  }

  /** As above, for whoever does not hold the client. */
  Uni<Settled> refined(ConnectionId id, GrantedTokens tokens, Profile profile, Settled settled) {
    return isToAsk(tokens, profile, settled)
        ? inTime(ledger.find(id).chain(read -> client(read, tokens.metadata())))
            .chain(
                client ->
                    client
                        .map(known -> refined(id, tokens, known, settled))
                        .orElseGet(() -> Uni.createFrom().item(settled)))
        : Uni.createFrom().item(settled);
  }

  private static boolean isToAsk(GrantedTokens tokens, Profile profile, Settled settled) {
    return profile.expiry().introspect()
        && !tokens.lifetimeTold()
        && settled instanceof Settled.Stored;
  }

  /** Nothing that goes wrong here may stand in the way of what is durable already. */
  private static <T> Uni<Optional<T>> inTime(Uni<Optional<T>> answer) {
    return answer
        .ifNoItem()
        .after(PATIENCE)
        .recoverWithItem(Optional.empty())
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private Uni<Optional<ProviderClient>> client(LedgerRead read, Map<String, String> facts) {
    return switch (read) {
      case LedgerRead.Found found ->
          clients
              .find(found.connection().registration())
              .map(lookup -> ready(lookup.toldBy(facts)));
      case LedgerRead.Unknown unknown -> Uni.createFrom().item(Optional.empty());
      case LedgerRead.Unavailable unavailable -> Uni.createFrom().item(Optional.empty());
    };
  }

  private static Optional<ProviderClient> ready(ClientLookup lookup) {
    return lookup instanceof ClientLookup.Ready ready
        ? Optional.of(ready.client())
        : Optional.empty();
  }

  private Uni<Settled> with(
      ConnectionId id, Secret accessToken, Optional<Instant> end, Settled settled) {
    return end.map(
            told ->
                writer
                    .settle(id, current -> ending(current, accessToken, told))
                    .map(refined -> refined instanceof Settled.Stored ? refined : settled))
        .orElseGet(() -> Uni.createFrom().item(settled));
  }

  /** A token that was replaced meanwhile keeps what is known of it. */
  private static Decision ending(Credential current, Secret accessToken, Instant end) {
    return current
        .accessToken()
        .filter(token -> token.value().equals(accessToken))
        .filter(token -> !token.lifetime().expiresAt().equals(end))
        .<Decision>map(token -> new Decision.Store(current.with(ending(token, end))))
        .orElseGet(Decision.Drop::new);
  }

  private static AccessToken ending(AccessToken token, Instant end) {
    Instant issued = token.lifetime().issuedAt();
    Lifetime lifetime = new Lifetime(issued, end.isBefore(issued) ? issued : end);
    return new AccessToken(
        token.value(), token.type(), token.scopes(), lifetime, token.generation());
  }
}
