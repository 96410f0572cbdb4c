package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.AttemptSecrets.Contents;
import org.tokenbroker.consent.AttemptSecrets.Reading;
import org.tokenbroker.consent.Attempts.AttemptRead;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.consent.CodeExchange.Presented;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.Unstoppable;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * From the provider back to us.
 *
 * <ol>
 *   <li>A callback that is refused changes nothing and reaches no token endpoint (MO-4, B2).
 *   <li>Of all callbacks with one state, over all tabs and replicas, at most one gets past {@code
 *       take} (B4).
 *   <li>What {@code take} let pass runs to its end, even if the browser is gone: a spent code must
 *       not be lost.
 * </ol>
 */
@ApplicationScoped
public class ConsentCallback {
  private final Attempts attempts;
  private final AttemptSecrets secrets;
  private final Clients clients;
  private final CodeExchange exchange;
  private final ProviderInstall install;
  private final InstantSource time;

  ConsentCallback(
      Attempts attempts,
      AttemptSecrets secrets,
      Clients clients,
      CodeExchange exchange,
      ProviderInstall install,
      InstantSource time) {
    this.attempts = attempts;
    this.secrets = secrets;
    this.clients = clients;
    this.exchange = exchange;
    this.install = install;
    this.time = time;
  }

  /**
   * @param registration named by the callback's path
   * @param rawQuery as it stands in the request line
   */
  public Uni<CallbackOutcome> answer(
      RegistrationId registration, @Nullable String rawQuery, Visitor visitor) {
    return CallbackQuery.read(rawQuery)
        .map(query -> answer(registration, query, visitor))
        .orElseGet(() -> refuse(Refusal.MALFORMED, Optional.empty()));
  }

  private Uni<CallbackOutcome> answer(
      RegistrationId registration, CallbackQuery query, Visitor visitor) {
    return query
        .value("state")
        .map(state -> withState(state, registration, query, visitor.browser()))
        .orElseGet(() -> install.answer(registration, query, visitor));
  }

  private Uni<CallbackOutcome> withState(
      String state, RegistrationId registration, CallbackQuery query, Optional<Secret> browser) {
    return RandomText.isSecretForm(state)
        ? attempts
            .find(Fingerprint.of(Secret.of(state)))
            .chain(read -> recognise(query, read, registration, browser))
        : refuse(Refusal.STATE_UNKNOWN, Optional.empty());
  }

  private Uni<CallbackOutcome> recognise(
      CallbackQuery query,
      AttemptRead read,
      RegistrationId registration,
      Optional<Secret> browser) {
    return switch (read) {
      case AttemptRead.Unknown unknown -> refuse(Refusal.STATE_UNKNOWN, Optional.empty());
      case AttemptRead.Unavailable unavailable -> unavailable();
      case AttemptRead.Found found -> {
        LogContext.connection(found.attempt().subject().connection());
        yield Admission.refuse(found, registration, browser, time.instant())
            .map(refused -> Uni.createFrom().item(refused))
            .orElseGet(
                () ->
                    clients
                        .find(registration)
                        .chain(lookup -> identify(query, found.attempt(), lookup)));
      }
    };
  }

  private Uni<CallbackOutcome> identify(CallbackQuery query, Attempt attempt, ClientLookup lookup) {
    return switch (lookup) {
      case ClientLookup.Ready ready ->
          CallbackParameters.of(query, ready.client().profile().callback())
              .map(response -> identify(response, attempt, ready.client()))
              .orElseGet(
                  () -> refuse(Refusal.MALFORMED, Optional.of(attempt.subject().connection())));
      case ClientLookup.Unknown unknown -> notWanted(attempt);
      case ClientLookup.Incomplete incomplete -> unavailable();
      case ClientLookup.LedgerUnavailable ledger -> unavailable();
      case ClientLookup.SafeUnavailable safe -> unavailable();
    };
  }

  private Uni<CallbackOutcome> identify(
      CallbackParameters response, Attempt attempt, ProviderClient client) {
    return Admission.refuseIssuer(client, response.issuer())
        .map(refusal -> refuse(refusal, Optional.of(attempt.subject().connection())))
        .orElseGet(() -> recall(response, attempt, client));
  }

  private Uni<CallbackOutcome> recall(
      CallbackParameters response, Attempt attempt, ProviderClient client) {
    return secrets
        .get(attempt.grant())
        .chain(
            reading ->
                switch (reading) {
                  case Reading.Read read -> take(response, attempt, client, read.contents());
                  case Reading.Gone gone ->
                      refuse(Refusal.STATE_USED, Optional.of(attempt.subject().connection()));
                  case Reading.Unavailable unavailable -> unavailable();
                });
  }

  private Uni<CallbackOutcome> take(
      CallbackParameters response, Attempt attempt, ProviderClient client, Contents contents) {
    return Unstoppable.of(
        attempts
            .take(attempt.grant(), time.instant())
            .chain(
                taking ->
                    switch (taking) {
                      case Taking.TAKEN -> conclude(response, attempt, client, contents);
                      case Taking.LOST ->
                          refuse(Refusal.STATE_USED, Optional.of(attempt.subject().connection()));
                      case Taking.UNAVAILABLE -> unavailable();
                    }));
  }

  private Uni<CallbackOutcome> conclude(
      CallbackParameters response, Attempt attempt, ProviderClient client, Contents contents) {
    ConnectionId connection = attempt.subject().connection();
    Uni<CallbackOutcome> outcome =
        switch (response) {
          case CallbackParameters.Code code -> spend(code, attempt, client, contents);
          case CallbackParameters.Error error ->
              Uni.createFrom()
                  .item(new CallbackOutcome.NoCode(connection, error.error(), contents.ticket()));
        };
    return outcome.call(() -> secrets.destroy(attempt.grant()));
  }

  private Uni<CallbackOutcome> spend(
      CallbackParameters.Code code, Attempt attempt, ProviderClient client, Contents contents) {
    TokenRequest.AuthorizationCode request =
        new TokenRequest.AuthorizationCode(
            code.code(), Optional.of(attempt.redirectUri()), contents.codeVerifier());
    return exchange
        .spend(presented(request, attempt, code.facts()), client)
        .chain(exchanged -> outcome(exchanged, attempt, contents));
  }

  private static Presented presented(
      TokenRequest.AuthorizationCode request, Attempt attempt, Map<String, String> facts) {
    ConsentSubject subject = attempt.subject();
    return new Presented(request, subject.connection(), subject.scopes(), attempt.grant(), facts);
  }

  /**
   * Where the store cannot note that a grant was kept, the link merely stays usable until it
   * expires: the grant itself is durable.
   */
  private Uni<CallbackOutcome> outcome(Exchanged exchanged, Attempt attempt, Contents contents) {
    ConsentSubject subject = attempt.subject();
    return switch (exchanged) {
      case Exchanged.Kept kept ->
          attempts.kept(attempt.grant()).replaceWith(new CallbackOutcome.Kept(subject));
      case Exchanged.Held held -> Uni.createFrom().item(new CallbackOutcome.Held(subject));
      case Exchanged.Superseded superseded ->
          Uni.createFrom().item(new CallbackOutcome.Superseded(subject.connection()));
      case Exchanged.NotWanted notWanted -> notWanted(attempt);
      case Exchanged.Failed failed ->
          Uni.createFrom()
              .item(
                  new CallbackOutcome.Failed(
                      subject.connection(), failed.failure(), contents.ticket()));
    };
  }

  private static Uni<CallbackOutcome> refuse(Refusal reason, Optional<ConnectionId> connection) {
    return Uni.createFrom().item(new CallbackOutcome.Refused(reason, connection));
  }

  private static Uni<CallbackOutcome> notWanted(Attempt attempt) {
    return Uni.createFrom().item(new CallbackOutcome.NotWanted(attempt.subject().connection()));
  }

  private static Uni<CallbackOutcome> unavailable() {
    return Uni.createFrom().item(new CallbackOutcome.Unavailable());
  }
}
