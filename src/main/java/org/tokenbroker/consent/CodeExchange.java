package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.consent.AttemptSecrets.Contents;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * Spends an authorization code, once. The caller has taken the attempt.
 *
 * <p>A registration that is known to be at fault is tried nevertheless: a human is waiting, and the
 * answer tells whether it has been mended.
 */
@ApplicationScoped
class CodeExchange {
  private final GrantKeeper keeper;
  private final TokenEndpoint endpoint;
  private final Clients clients;
  private final Attempts attempts;

  CodeExchange(GrantKeeper keeper, TokenEndpoint endpoint, Clients clients, Attempts attempts) {
    this.keeper = keeper;
    this.endpoint = endpoint;
    this.clients = clients;
    this.attempts = attempts;
  }

  Uni<CallbackOutcome> spend(
      Secret code, Attempt attempt, ProviderClient client, Contents contents) {
    return keeper
        .prepare(attempt.subject().connection(), attempt.grant())
        .chain(
            readiness ->
                switch (readiness) {
                  case READY -> exchange(code, attempt, client, contents);
                  case NOT_WANTED -> notWanted(attempt);
                  case UNAVAILABLE -> failed(attempt, Failure.NOT_WRITABLE, contents);
                });
  }

  private Uni<CallbackOutcome> exchange(
      Secret code, Attempt attempt, ProviderClient client, Contents contents) {
    RegistrationId registration = client.registration().id();
    return endpoint
        .request(
            client,
            new TokenRequest.AuthorizationCode(
                code, attempt.redirectUri(), contents.codeVerifier()))
        .chain(
            reply ->
                switch (reply) {
                  case TokenReply.Granted granted ->
                      granted(granted.tokens(), attempt, client, contents);
                  case TokenReply.Rejected rejected ->
                      rejected(rejected.reason(), registration, attempt, contents);
                  case TokenReply.Throttled throttled ->
                      failed(attempt, Failure.PROVIDER_BUSY, contents);
                  case TokenReply.Unreachable unreachable ->
                      failed(attempt, Failure.PROVIDER_BUSY, contents);
                  case TokenReply.Ambiguous ambiguous ->
                      failed(attempt, Failure.UNKNOWN_OUTCOME, contents);
                });
  }

  /** Keeps the grant before anything else is told to anybody. */
  private Uni<CallbackOutcome> granted(
      GrantedTokens tokens, Attempt attempt, ProviderClient client, Contents contents) {
    boolean lacksRefreshToken =
        client.profile().token().requireRefreshToken() && tokens.refreshToken().isEmpty();
    Uni<CallbackOutcome> outcome =
        lacksRefreshToken
            ? failed(attempt, Failure.NO_REFRESH_TOKEN, contents)
            : keep(tokens, attempt);
    return outcome.call(() -> clients.accepted(client.registration().id()));
  }

  /**
   * Where the store cannot note it, the link merely stays usable until it expires: the grant itself
   * is durable.
   */
  private Uni<CallbackOutcome> keep(GrantedTokens tokens, Attempt attempt) {
    ConsentSubject subject = attempt.subject();
    return keeper
        .keep(subject.connection(), attempt.grant(), tokens, subject.scopes())
        .chain(
            outcome ->
                switch (outcome) {
                  case KEPT ->
                      attempts.kept(attempt.grant()).replaceWith(new CallbackOutcome.Kept(subject));
                  case SUPERSEDED ->
                      Uni.createFrom().item(new CallbackOutcome.Superseded(subject.connection()));
                  case NOT_WANTED -> notWanted(attempt);
                  case HELD -> Uni.createFrom().item(new CallbackOutcome.Held(subject));
                });
  }

  private Uni<CallbackOutcome> rejected(
      Rejection reason, RegistrationId registration, Attempt attempt, Contents contents) {
    return switch (reason) {
      case INVALID_CLIENT, UNAUTHORIZED_CLIENT ->
          clients
              .refused(registration, reason)
              .chain(() -> failed(attempt, Failure.CLIENT_REJECTED, contents));
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE ->
          failed(attempt, Failure.CLIENT_REJECTED, contents);
      case INVALID_GRANT, INVALID_REQUEST, OTHER ->
          failed(attempt, Failure.CODE_REJECTED, contents);
    };
  }

  private static Uni<CallbackOutcome> failed(Attempt attempt, Failure failure, Contents contents) {
    return Uni.createFrom()
        .item(
            new CallbackOutcome.Failed(attempt.subject().connection(), failure, contents.ticket()));
  }

  private static Uni<CallbackOutcome> notWanted(Attempt attempt) {
    return Uni.createFrom().item(new CallbackOutcome.NotWanted(attempt.subject().connection()));
  }
}
