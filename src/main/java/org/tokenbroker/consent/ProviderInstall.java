package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.CallbackOutcome.Names;
import org.tokenbroker.consent.CodeExchange.Presented;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.InstallCodes.InstallCode;
import org.tokenbroker.consent.InstallKeeper.Install;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.Unstoppable;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/**
 * An install that starts at the provider: it comes back with a code and no state (BE-3). What a
 * state would protect is protected otherwise (BE-4):
 *
 * <ol>
 *   <li>Only registrations whose profile says so take it, and only so many in a minute.
 *   <li>The code is noted before it is presented, so that it is presented once, by whichever tab,
 *       replica or stranger brings it first.
 *   <li>What it brings belongs to nobody and is served to nobody until it is claimed, by an
 *       operator or by a claim link in the very browser that brought the code.
 *   <li>Nobody who brings a code again learns what came of it.
 * </ol>
 */
@ApplicationScoped
class ProviderInstall {
  private final Clients clients;
  private final InstallBudget budget;
  private final InstallCodes codes;
  private final InstallKeeper keeper;
  private final CodeExchange exchange;
  private final Claims claims;
  private final RandomText random;
  private final ConsentConfig config;
  private final InstantSource time;

  ProviderInstall(
      Clients clients,
      InstallBudget budget,
      InstallCodes codes,
      InstallKeeper keeper,
      CodeExchange exchange,
      Claims claims,
      RandomText random,
      ConsentConfig config,
      InstantSource time) {
    this.clients = clients;
    this.budget = budget;
    this.codes = codes;
    this.keeper = keeper;
    this.exchange = exchange;
    this.claims = claims;
    this.random = random;
    this.config = config;
    this.time = time;
  }

  /**
   * One install under way.
   *
   * @param code as the codes that were presented are remembered
   * @param visitor whose cookie may hold something
   * @param browser what it holds from now on
   */
  private record Begun(
      Presented presented,
      Fingerprint code,
      ProviderClient client,
      Visitor visitor,
      Secret browser) {
    ConnectionId connection() {
      return presented.connection();
    }

    RegistrationId registration() {
      return client.registration().id();
    }
  }

  Uni<CallbackOutcome> answer(RegistrationId registration, CallbackQuery query, Visitor visitor) {
    return clients
        .find(registration)
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready -> admit(ready.client(), query, visitor);
                  case ClientLookup.Unknown unknown -> refuse(Refusal.STATE_MISSING);
                  case ClientLookup.Incomplete incomplete -> refuse(Refusal.STATE_MISSING);
                  case ClientLookup.LedgerUnavailable ledger -> unavailable();
                  case ClientLookup.SafeUnavailable safe -> unavailable();
                });
  }

  private Uni<CallbackOutcome> admit(ProviderClient client, CallbackQuery query, Visitor visitor) {
    if (!client.profile().callback().providerInitiated()) {
      return refuse(Refusal.STATE_MISSING);
    }
    RegistrationId registration = client.registration().id();
    return budget
        .exceeded(visitor.network(), registration, time.instant())
        .<Uni<CallbackOutcome>>map(after -> tooMany(registration, after))
        .orElseGet(() -> read(client, query, visitor));
  }

  private Uni<CallbackOutcome> read(ProviderClient client, CallbackQuery query, Visitor visitor) {
    Optional<Refusal> refusal = Admission.refuseIssuer(client, query.issuer());
    if (refusal.isPresent()) {
      return refuse(refusal.get());
    }
    return CallbackParameters.of(query, client.profile().callback())
        .map(
            response ->
                switch (response) {
                  case CallbackParameters.Code code -> route(code, client, visitor);
                  case CallbackParameters.Error error -> refuse(Refusal.MALFORMED);
                })
        .orElseGet(() -> refuse(Refusal.MALFORMED));
  }

  /** The redirect URI is sent again with the code, and has to be the registered one (BE-7). */
  private Uni<CallbackOutcome> route(
      CallbackParameters.Code code, ProviderClient client, Visitor visitor) {
    URI callback = PublicUrls.callback(config.publicUrl(), client.registration().id());
    return client.registration().redirectUris().contains(callback)
        ? Unstoppable.of(take(begun(code, callback, client, visitor)))
        : failed(client.registration().id(), Failure.NOT_SET_UP, true);
  }

  private Begun begun(
      CallbackParameters.Code code, URI callback, ProviderClient client, Visitor visitor) {
    Instant now = time.instant();
    Presented presented =
        new Presented(
            new TokenRequest.AuthorizationCode(
                code.code(), Optional.of(callback), Optional.empty()),
            new ConnectionId(random.name()),
            client.registration().scopes(),
            new GrantId(random.name(), now),
            code.facts());
    return new Begun(
        presented,
        fingerprint(client.registration().id(), code.code()),
        client,
        visitor,
        visitor.browser().orElseGet(random::secret));
  }

  /** Two servers may give out the same code. */
  private static Fingerprint fingerprint(RegistrationId registration, Secret code) {
    return Fingerprint.of(Secret.of(registration + " " + code.reveal()));
  }

  private Uni<CallbackOutcome> take(Begun begun) {
    InstallCode code =
        new InstallCode(
            begun.code(),
            begun.registration(),
            begun.connection(),
            begun.presented().grant().startedAt());
    return codes
        .take(code)
        .chain(
            taking ->
                switch (taking) {
                  case TAKEN -> begin(begun);
                  case LOST ->
                      Uni.createFrom().item(new CallbackOutcome.CodeSpent(begun.registration()));
                  case UNAVAILABLE -> unavailable();
                });
  }

  private Uni<CallbackOutcome> begin(Begun begun) {
    LogContext.connection(begun.connection());
    return keeper
        .begin(
            new Install(
                begun.connection(),
                begun.registration(),
                begun.client().profile().id(),
                begun.presented().requested(),
                begun.presented().grant().startedAt()))
        .chain(
            stored ->
                switch (stored) {
                  case DONE -> spend(begun);
                  case UNAVAILABLE -> nothing(begun, Failure.NOT_WRITABLE, false);
                });
  }

  private Uni<CallbackOutcome> spend(Begun begun) {
    return exchange
        .spend(begun.presented(), begun.client())
        .chain(
            exchanged ->
                switch (exchanged) {
                  case Exchanged.Kept kept -> kept(begun, kept.landing());
                  case Exchanged.Held held -> held(begun);
                  case Exchanged.Superseded superseded ->
                      nothing(begun, Failure.UNKNOWN_OUTCOME, true);
                  case Exchanged.NotWanted notWanted ->
                      nothing(begun, Failure.UNKNOWN_OUTCOME, true);
                  case Exchanged.Failed failed -> {
                    count(begun, failed.failure());
                    yield nothing(begun, failed.failure(), failed.presented());
                  }
                });
  }

  private void count(Begun begun, Failure failure) {
    if (failure == Failure.CODE_REJECTED) {
      budget.refused(begun.visitor().network(), time.instant());
    }
  }

  private Uni<CallbackOutcome> kept(Begun begun, Landing landing) {
    return claimed(begun, landing)
        .call(tenant -> noteBrowser(begun, landing.connection(), tenant.isPresent()))
        .map(
            tenant ->
                new CallbackOutcome.Installed(
                    landing, Names.of(begun.client()), tenant, begun.browser()));
  }

  private Uni<Optional<TenantId>> claimed(Begun begun, Landing landing) {
    return begun
        .visitor()
        .browser()
        .map(
            browser ->
                claims.ofBrowser(
                    Fingerprint.of(browser), begun.registration(), landing.connection()))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  private Uni<CallbackOutcome> held(Begun begun) {
    return claimed(begun, new Landing.Waiting(begun.connection()))
        .chain(tenant -> noteBrowser(begun, begun.connection(), tenant.isPresent()))
        .replaceWith(
            new CallbackOutcome.InstallHeld(
                begun.connection(), Names.of(begun.client()), begun.browser()));
  }

  /** Where the store cannot note it, an operator has to claim the install. */
  private Uni<Void> noteBrowser(Begun begun, ConnectionId connection, boolean claimed) {
    return claimed
        ? Uni.createFrom().voidItem()
        : codes.kept(begun.code(), connection, Fingerprint.of(begun.browser())).replaceWithVoid();
  }

  private Uni<CallbackOutcome> nothing(Begun begun, Failure failure, boolean presented) {
    return keeper
        .abandon(begun.connection())
        .chain(
            () ->
                presented
                    ? Uni.createFrom().voidItem()
                    : codes.release(begun.code()).replaceWithVoid())
        .chain(() -> failed(begun.registration(), failure, !presented));
  }

  private static Uni<CallbackOutcome> failed(
      RegistrationId registration, Failure failure, boolean again) {
    return Uni.createFrom().item(new CallbackOutcome.InstallFailed(registration, failure, again));
  }

  private static Uni<CallbackOutcome> tooMany(RegistrationId registration, Duration after) {
    return Uni.createFrom().item(new CallbackOutcome.TooMany(registration, after));
  }

  private static Uni<CallbackOutcome> refuse(Refusal reason) {
    return Uni.createFrom().item(new CallbackOutcome.Refused(reason, Optional.empty()));
  }

  private static Uni<CallbackOutcome> unavailable() {
    return Uni.createFrom().item(new CallbackOutcome.Unavailable());
  }
}
