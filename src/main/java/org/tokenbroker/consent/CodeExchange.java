package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/**
 * Spends an authorization code, once: prepare, exchange, keep. The caller has made sure that nobody
 * else spends it.
 *
 * <p>A registration that is known to be at fault is tried nevertheless: a human is waiting, and the
 * answer tells whether it has been mended.
 */
@ApplicationScoped
class CodeExchange {
  private final GrantKeeper keeper;
  private final TokenEndpoint endpoint;
  private final Clients clients;
  private final Landings landings;

  CodeExchange(GrantKeeper keeper, TokenEndpoint endpoint, Clients clients, Landings landings) {
    this.landings = landings;
    this.keeper = keeper;
    this.endpoint = endpoint;
    this.clients = clients;
  }

  /**
   * A code and what it is for.
   *
   * @param connection what it is exchanged for
   * @param requested scopes that were asked for
   * @param grant names the agreement
   * @param facts public facts that came with the code
   */
  record Presented(
      TokenRequest.AuthorizationCode request,
      ConnectionId connection,
      Scopes requested,
      GrantId grant,
      Map<String, String> facts) {

    /** Without facts. */
    Presented(TokenRequest.AuthorizationCode request, ConsentSubject subject, GrantId grant) {
      this(request, subject.connection(), subject.scopes(), grant, Map.of());
    }

    /** With the redirect URI of the request: a refresh may have to repeat it. */
    GrantId agreement() {
      return new GrantId(grant.id(), grant.startedAt(), request.redirectUri());
    }
  }

  Uni<Exchanged> spend(Presented code, ProviderClient client) {
    return keeper
        .prepare(code.connection(), code.agreement())
        .chain(
            readiness ->
                switch (readiness) {
                  case READY ->
                      client
                          .toldBy(code.facts())
                          .map(there -> exchange(code, there))
                          .orElseGet(() -> unspent(Failure.NOT_SET_UP));
                  case NOT_WANTED -> outcome(new Exchanged.NotWanted());
                  case UNAVAILABLE -> unspent(Failure.NOT_WRITABLE);
                });
  }

  private Uni<Exchanged> exchange(Presented code, ProviderClient client) {
    return endpoint
        .request(client, code.request())
        .chain(
            reply ->
                switch (reply) {
                  case TokenReply.Granted granted -> granted(granted.tokens(), code, client);
                  case TokenReply.Rejected rejected ->
                      rejected(rejected.reason(), client.registration().id());
                  case TokenReply.Throttled throttled -> failed(Failure.PROVIDER_BUSY);
                  case TokenReply.Unreachable unreachable ->
                      unreachable(unreachable.obstacle(), client.registration().id());
                  case TokenReply.WithoutAccessToken notForCodes -> failed(Failure.UNKNOWN_OUTCOME);
                  case TokenReply.Ambiguous ambiguous -> failed(Failure.UNKNOWN_OUTCOME);
                });
  }

  /** Keeps the grant before anything else is told to anybody. */
  private Uni<Exchanged> granted(GrantedTokens tokens, Presented code, ProviderClient client) {
    return keep(tokens.with(code.facts()), code, client)
        .call(() -> clients.accepted(client.registration().id()));
  }

  private Uni<Exchanged> keep(GrantedTokens tokens, Presented code, ProviderClient client) {
    Profile profile = client.profile();
    return keeper
        .keep(
            code.connection(),
            code.agreement(),
            new GrantKeeper.Arrival.Issued(client.registration().id()),
            tokens,
            code.requested(),
            profile)
        .chain(
            outcome ->
                switch (outcome) {
                  case KEPT -> land(code.connection(), profile.postConnect().isPresent());
                  case SUPERSEDED -> outcome(new Exchanged.Superseded());
                  case NO_REFRESH_TOKEN -> failed(Failure.NO_REFRESH_TOKEN);
                  case NOT_WANTED -> outcome(new Exchanged.NotWanted());
                  case HELD -> outcome(new Exchanged.Held());
                });
  }

  private Uni<Exchanged> land(ConnectionId connection, boolean looksUp) {
    return looksUp
        ? landings.land(connection).map(Exchanged.Kept::new)
        : outcome(new Exchanged.Kept(new Landing.Known(connection, Optional.empty())));
  }

  /** Whether it is certain that nothing was sent. */
  private Uni<Exchanged> unreachable(TokenReply.Obstacle obstacle, RegistrationId registration) {
    return switch (obstacle) {
      case CREDENTIAL_UNUSABLE ->
          clients
              .faulty(registration, RegistrationFault.CREDENTIAL_UNUSABLE)
              .chain(() -> unspent(Failure.NOT_SET_UP));
      case CONNECT, TLS, ADDRESS_REFUSED, HELD_BACK -> unspent(Failure.PROVIDER_BUSY);
      case UNAVAILABLE -> failed(Failure.PROVIDER_BUSY);
    };
  }

  private Uni<Exchanged> rejected(Rejection reason, RegistrationId registration) {
    return switch (reason) {
      case INVALID_CLIENT -> refused(registration, RegistrationFault.INVALID_CLIENT);
      case UNAUTHORIZED_CLIENT -> refused(registration, RegistrationFault.UNAUTHORIZED_CLIENT);
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE -> failed(Failure.CLIENT_REJECTED);
      case INVALID_GRANT, GRANT_OR_CLIENT, INVALID_REQUEST, OTHER -> failed(Failure.CODE_REJECTED);
    };
  }

  private Uni<Exchanged> refused(RegistrationId registration, RegistrationFault fault) {
    return clients.faulty(registration, fault).chain(() -> failed(Failure.CLIENT_REJECTED));
  }

  private static Uni<Exchanged> failed(Failure failure) {
    return outcome(new Exchanged.Failed(failure, true));
  }

  private static Uni<Exchanged> unspent(Failure failure) {
    return outcome(new Exchanged.Failed(failure, false));
  }

  private static Uni<Exchanged> outcome(Exchanged exchanged) {
    return Uni.createFrom().item(exchanged);
  }
}
