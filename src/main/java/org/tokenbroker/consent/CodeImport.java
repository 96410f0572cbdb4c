package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.consent.AttemptSecrets.Contents;
import org.tokenbroker.consent.AttemptSecrets.Reading;
import org.tokenbroker.consent.Attempts.AttemptRead;
import org.tokenbroker.consent.CodeExchange.Presented;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.platform.Unstoppable;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * Takes a code that was fetched by hand, or by the customer's own web application (IV-4, IV-5), and
 * exchanges it at once.
 *
 * <ol>
 *   <li>A code is noted before it is presented, so it is presented at most once, over all replicas.
 *   <li>The redirect URI of the exchange is exactly one of the registered ones, or none.
 *   <li>What was begun runs to its end, even if the operator is gone: a spent code must not be
 *       lost.
 * </ol>
 */
@ApplicationScoped
public class CodeImport {
  /** Far longer than a code lives anywhere. */
  private static final Duration REMEMBERED = Duration.ofDays(7);

  private static final int BATCH = 100;

  private final Clients clients;
  private final BroughtCodes codes;
  private final Attempts attempts;
  private final AttemptSecrets secrets;
  private final CodeExchange exchange;
  private final RandomText random;
  private final InstantSource time;

  CodeImport(
      Clients clients,
      BroughtCodes codes,
      Attempts attempts,
      AttemptSecrets secrets,
      CodeExchange exchange,
      RandomText random,
      InstantSource time) {
    this.clients = clients;
    this.codes = codes;
    this.attempts = attempts;
    this.secrets = secrets;
    this.exchange = exchange;
    this.random = random;
    this.time = time;
  }

  /** What became of the code. Carries no text of the provider. */
  public sealed interface Outcome {
    /** The grant is durable. */
    record Kept() implements Outcome {}

    /** There is a grant; the safe takes it as soon as it is back. */
    record Held() implements Outcome {}

    /** A newer agreement was kept meanwhile; this one was not stored. */
    record Superseded() implements Outcome {}

    /** The connection was deleted, disabled or revoked; nothing was stored. */
    record NotWanted() implements Outcome {}

    /** This code was brought before. */
    record Replayed() implements Outcome {}

    /**
     * @param fix what would be right; never repeats the value
     */
    record Flawed(String field, String fix) implements Outcome {}

    /**
     * There is no grant.
     *
     * @param presented whether the provider may have seen the code: it is not taken again then
     */
    record Failed(CallbackOutcome.Failure failure, boolean presented) implements Outcome {}

    /** A store could not be asked before the code was spent: it may be brought again. */
    record Unavailable() implements Outcome {}
  }

  /**
   * How the code was asked for.
   *
   * @param link of the consent link through which it was; absent where there was none
   */
  private record Origin(GrantId grant, Optional<URI> redirectUri, Optional<Contents> link) {
    TokenRequest.AuthorizationCode request(Secret code) {
      return new TokenRequest.AuthorizationCode(
          code, redirectUri, link.flatMap(Contents::codeVerifier));
    }
  }

  public Uni<Outcome> take(ConsentSubject subject, BroughtCode brought) {
    return clients
        .find(subject.registration())
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready -> take(subject, brought, ready.client());
                  case ClientLookup.Unknown unknown -> outcome(new Outcome.NotWanted());
                  case ClientLookup.Incomplete incomplete ->
                      flawed("registration", "cannot be used yet: see its gap");
                  case ClientLookup.LedgerUnavailable unavailable -> unavailable();
                  case ClientLookup.SafeUnavailable unavailable -> unavailable();
                });
  }

  /** Forgets codes that no provider accepts any more. */
  public Uni<Void> forgetOld() {
    return codes.forget(time.instant().minus(REMEMBERED), BATCH).replaceWithVoid();
  }

  private Uni<Outcome> take(ConsentSubject subject, BroughtCode brought, ProviderClient client) {
    Registration registration = client.registration();
    if (!registration.particulars().allows(GrantType.AUTHORIZATION_CODE)) {
      return flawed("registration", "allows no authorization code: add it to its grant_types");
    }
    boolean isForeign =
        brought.redirectUri().filter(uri -> !registration.redirectUris().contains(uri)).isPresent();
    if (isForeign) {
      return flawed(
          "redirect_uri",
          "must be one of the registration's redirect_uris, or left out for a code that was asked"
              + " for without one");
    }
    return brought
        .state()
        .map(state -> throughLink(subject, brought, client, state))
        .orElseGet(() -> note(subject, brought, client, byHand(brought)));
  }

  private Origin byHand(BroughtCode brought) {
    return new Origin(
        new GrantId(random.name(), time.instant()), brought.redirectUri(), Optional.empty());
  }

  private Uni<Outcome> throughLink(
      ConsentSubject subject, BroughtCode brought, ProviderClient client, Secret state) {
    return attempts
        .find(Fingerprint.of(state))
        .chain(
            read ->
                switch (read) {
                  case AttemptRead.Found found ->
                      StateAdmission.refuse(found, subject, brought, time.instant())
                          .map(CodeImport::outcome)
                          .orElseGet(() -> recall(subject, brought, client, found.attempt()));
                  case AttemptRead.Unknown unknown -> outcome(StateAdmission.UNKNOWN);
                  case AttemptRead.Unavailable unavailable -> unavailable();
                });
  }

  private Uni<Outcome> recall(
      ConsentSubject subject, BroughtCode brought, ProviderClient client, Attempt attempt) {
    return secrets
        .get(attempt.grant())
        .chain(
            reading ->
                switch (reading) {
                  case Reading.Read read ->
                      note(
                          subject,
                          brought,
                          client,
                          new Origin(
                              attempt.grant(),
                              Optional.of(attempt.redirectUri()),
                              Optional.of(read.contents())));
                  case Reading.Gone gone -> outcome(StateAdmission.USED);
                  case Reading.Unavailable unavailable -> unavailable();
                });
  }

  private Uni<Outcome> note(
      ConsentSubject subject, BroughtCode brought, ProviderClient client, Origin origin) {
    Fingerprint fingerprint = fingerprint(subject.registration(), brought.code());
    return Unstoppable.of(
        codes
            .note(fingerprint, subject.connection(), time.instant())
            .chain(
                noted ->
                    switch (noted) {
                      case NEW ->
                          claim(subject, brought, client, origin)
                              .call(outcome -> releaseIfUnspent(outcome, fingerprint));
                      case KNOWN -> outcome(new Outcome.Replayed());
                      case UNAVAILABLE -> unavailable();
                    }));
  }

  /** A state is taken once too: by a callback or by an operator. */
  private Uni<Outcome> claim(
      ConsentSubject subject, BroughtCode brought, ProviderClient client, Origin origin) {
    if (origin.link().isEmpty()) {
      return spend(subject, brought, client, origin);
    }
    return attempts
        .take(origin.grant(), time.instant())
        .chain(
            taking ->
                switch (taking) {
                  case TAKEN ->
                      spend(subject, brought, client, origin)
                          .call(outcome -> conclude(outcome, origin.grant()));
                  case LOST -> outcome(StateAdmission.USED);
                  case UNAVAILABLE -> unavailable();
                });
  }

  private Uni<Outcome> spend(
      ConsentSubject subject, BroughtCode brought, ProviderClient client, Origin origin) {
    Presented presented = new Presented(origin.request(brought.code()), subject, origin.grant());
    return exchange.spend(presented, client).map(CodeImport::told);
  }

  private static Outcome told(Exchanged exchanged) {
    return switch (exchanged) {
      case Exchanged.Kept kept -> new Outcome.Kept();
      case Exchanged.Held held -> new Outcome.Held();
      case Exchanged.Superseded superseded -> new Outcome.Superseded();
      case Exchanged.NotWanted notWanted -> new Outcome.NotWanted();
      case Exchanged.Failed failed -> new Outcome.Failed(failed.failure(), failed.presented());
    };
  }

  private Uni<Void> conclude(Outcome outcome, GrantId grant) {
    Uni<?> kept =
        outcome instanceof Outcome.Kept ? attempts.kept(grant) : Uni.createFrom().voidItem();
    return kept.chain(() -> secrets.destroy(grant));
  }

  private Uni<Void> releaseIfUnspent(Outcome outcome, Fingerprint fingerprint) {
    return isUnspent(outcome)
        ? codes.release(fingerprint).replaceWithVoid()
        : Uni.createFrom().voidItem();
  }

  private static boolean isUnspent(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed -> !failed.presented();
      case Outcome.NotWanted notWanted -> false;
      case Outcome.Unavailable unavailable -> true;
      case Outcome.Kept kept -> false;
      case Outcome.Held held -> false;
      case Outcome.Superseded superseded -> false;
      case Outcome.Replayed replayed -> false;
      case Outcome.Flawed takenMeanwhile -> false;
    };
  }

  /** Codes of two registrations are two codes, whatever they look like. */
  private static Fingerprint fingerprint(RegistrationId registration, Secret code) {
    return Fingerprint.of(Secret.of(registration + " " + code.reveal()));
  }

  private static Uni<Outcome> flawed(String field, String fix) {
    return outcome(new Outcome.Flawed(field, fix));
  }

  private static Uni<Outcome> unavailable() {
    return outcome(new Outcome.Unavailable());
  }

  private static Uni<Outcome> outcome(Outcome outcome) {
    return Uni.createFrom().item(outcome);
  }
}
