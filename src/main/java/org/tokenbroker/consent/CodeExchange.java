package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.RegistrationId;

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

  CodeExchange(GrantKeeper keeper, TokenEndpoint endpoint, Clients clients) {
    this.keeper = keeper;
    this.endpoint = endpoint;
    this.clients = clients;
  }

  /**
   * A code and what it is for.
   *
   * @param grant names the agreement
   */
  record Presented(TokenRequest.AuthorizationCode request, ConsentSubject subject, GrantId grant) {
    /** With the redirect URI of the request: a refresh may have to repeat it. */
    GrantId agreement() {
      return new GrantId(grant.id(), grant.startedAt(), request.redirectUri());
    }
  }

  Uni<Exchanged> spend(Presented code, ProviderClient client) {
    return keeper
        .prepare(code.subject().connection(), code.agreement())
        .chain(
            readiness ->
                switch (readiness) {
                  case READY -> exchange(code, client);
                  case NOT_WANTED -> outcome(new Exchanged.NotWanted());
                  case UNAVAILABLE -> failed(Failure.NOT_WRITABLE);
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
                  case TokenReply.Unreachable unreachable -> failed(Failure.PROVIDER_BUSY);
                  case TokenReply.Ambiguous ambiguous -> failed(Failure.UNKNOWN_OUTCOME);
                });
  }

  /** Keeps the grant before anything else is told to anybody. */
  private Uni<Exchanged> granted(GrantedTokens tokens, Presented code, ProviderClient client) {
    return keep(tokens, code, client.profile())
        .call(() -> clients.accepted(client.registration().id()));
  }

  private Uni<Exchanged> keep(GrantedTokens tokens, Presented code, Profile profile) {
    ConsentSubject subject = code.subject();
    return keeper
        .keep(subject.connection(), code.agreement(), tokens, subject.scopes(), profile)
        .map(
            outcome ->
                switch (outcome) {
                  case KEPT -> new Exchanged.Kept();
                  case SUPERSEDED -> new Exchanged.Superseded();
                  case NO_REFRESH_TOKEN -> new Exchanged.Failed(Failure.NO_REFRESH_TOKEN);
                  case NOT_WANTED -> new Exchanged.NotWanted();
                  case HELD -> new Exchanged.Held();
                });
  }

  private Uni<Exchanged> rejected(Rejection reason, RegistrationId registration) {
    return switch (reason) {
      case INVALID_CLIENT, UNAUTHORIZED_CLIENT ->
          clients.refused(registration, reason).chain(() -> failed(Failure.CLIENT_REJECTED));
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE -> failed(Failure.CLIENT_REJECTED);
      case INVALID_GRANT, INVALID_REQUEST, OTHER -> failed(Failure.CODE_REJECTED);
    };
  }

  private static Uni<Exchanged> failed(Failure failure) {
    return outcome(new Exchanged.Failed(failure));
  }

  private static Uni<Exchanged> outcome(Exchanged exchanged) {
    return Uni.createFrom().item(exchanged);
  }
}
