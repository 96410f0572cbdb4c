package org.tokenbroker.connection;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Lookups.Errand;
import org.tokenbroker.connection.Lookups.Noted;
import org.tokenbroker.consent.Landing;
import org.tokenbroker.consent.Landings;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.ConnectionId;

/**
 * Learns of a provider what its profile wants known before a connection becomes active (BE-9):
 *
 * <ol>
 *   <li>take the connection's lease;
 *   <li>ask the provider's API with the stored access token, once;
 *   <li>note what it told, and with it the connection's account (BE-18);
 *   <li>where that account has a connection already, hand the grant to {@link Relocation}.
 * </ol>
 *
 * <p>What fails is tried again from the start, by whichever replica comes first; the code is never
 * exchanged again.
 */
@ApplicationScoped
public class FactFinder implements Landings {
  private static final Logger LOG = Logger.getLogger(FactFinder.class);
  private static final int AT_ONCE = 8;

  /** How long an owner's browser waits for the provider's API. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Lookups lookups;
  private final Credentials credentials;
  private final Clients clients;
  private final ProviderApi api;
  private final Relocation relocation;
  private final Apart apart;
  private final InstantSource time;
  private final FactRetry retry =
      new FactRetry(bound -> ThreadLocalRandom.current().nextLong(bound));

  FactFinder(
      Lookups lookups,
      Credentials credentials,
      Clients clients,
      ProviderApi api,
      Relocation relocation,
      Apart apart,
      InstantSource time) {
    this.lookups = lookups;
    this.credentials = credentials;
    this.clients = clients;
    this.api = api;
    this.relocation = relocation;
    this.apart = apart;
    this.time = time;
  }

  @Override
  public Uni<Landing> land(ConnectionId connection) {
    Uni<Landing> landing = apart.run(() -> lookUp(connection)).memoize().indefinitely();
    landing
        .subscribe()
        .with(
            landed -> {},
            failure ->
                LOG.errorf(
                    "Looking up facts of connection %s failed: %s",
                    connection, failure.getClass().getName()));
    return landing
        .ifNoItem()
        .after(PATIENCE)
        .recoverWithItem(new Landing.Waiting(connection))
        .onFailure()
        .recoverWithItem(new Landing.Waiting(connection));
  }

  /** Takes up what is due. Every replica does; the leases keep them apart. */
  public Uni<Void> lookUpDue() {
    return lookups
        .claimDue(time.instant(), AT_ONCE)
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUni(errand -> apart.run(() -> lookUp(errand)))
        .merge(AT_ONCE)
        .toUni()
        .replaceWithVoid();
  }

  private Uni<Landing> lookUp(ConnectionId id) {
    return lookups
        .claim(id, time.instant())
        .chain(
            claimed -> claimed.map(this::lookUp).orElseGet(() -> landing(new Landing.Waiting(id))));
  }

  private Uni<Landing> lookUp(Errand errand) {
    LogContext.connection(errand.connection().id());
    return errand
        .movesTo()
        .map(to -> move(errand, to))
        .orElseGet(
            () ->
                credentials
                    .read(errand.connection().id())
                    .chain(read -> withCredential(errand, read)));
  }

  private Uni<Landing> withCredential(Errand errand, CredentialRead read) {
    return switch (read) {
      case CredentialRead.Found found -> lookUpClient(errand, found.credential());
      case CredentialRead.Absent absent -> failed(errand, Hurdle.SAFE_UNAVAILABLE);
      case CredentialRead.Unavailable unavailable -> failed(errand, Hurdle.SAFE_UNAVAILABLE);
    };
  }

  private Uni<Landing> lookUpClient(Errand errand, Credential credential) {
    return clients
        .find(errand.connection().registration())
        .map(lookup -> lookup.toldBy(credential.facts()))
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready -> ask(errand, credential, ready.client());
                  case ClientLookup.Unknown unknown -> failed(errand, Hurdle.MISCONFIGURED);
                  case ClientLookup.Incomplete incomplete -> failed(errand, Hurdle.MISCONFIGURED);
                  case ClientLookup.SafeUnavailable unavailable ->
                      failed(errand, Hurdle.SAFE_UNAVAILABLE);
                  case ClientLookup.LedgerUnavailable unavailable -> waiting(errand);
                });
  }

  private Uni<Landing> ask(Errand errand, Credential credential, ProviderClient client) {
    return credential
        .accessToken()
        .map(
            token ->
                api.learn(client, token.value())
                    .chain(reply -> conclude(errand, credential, reply)))
        .orElseGet(() -> failed(errand, Hurdle.NOT_ASKED));
  }

  private Uni<Landing> conclude(Errand errand, Credential credential, PostConnectReply reply) {
    return switch (reply) {
      case PostConnectReply.Learned learned -> learned(errand, credential, learned.facts());
      case PostConnectReply.Lacking lacking -> failed(errand, Hurdle.FACTS_MISSING);
      case PostConnectReply.Refused refused -> failed(errand, Hurdle.REFUSED);
      case PostConnectReply.Throttled throttled ->
          failed(errand, Hurdle.THROTTLED, time.instant().plus(throttled.retryAfter()));
      case PostConnectReply.Unavailable unavailable ->
          failed(errand, hurdle(unavailable.hindrance()));
    };
  }

  private static Hurdle hurdle(Hindrance hindrance) {
    return switch (hindrance) {
      case UNREACHABLE, HELD_BACK, NO_ANSWER, STATUS -> Hurdle.PROVIDER_UNREACHABLE;
      case ADDRESS_REFUSED, CREDENTIAL_UNUSABLE -> Hurdle.MISCONFIGURED;
      case UNREADABLE -> Hurdle.UNREADABLE;
    };
  }

  /** What came with the tokens, and over it what was looked up: the newest told counts. */
  private Uni<Landing> learned(Errand errand, Credential credential, Facts facts) {
    if (facts.returnUrlRefused()) {
      LOG.warnf(
          "The provider of connection %s told a return URL that its profile does not allow",
          errand.connection().id());
    }
    Map<String, String> told = new HashMap<>(credential.facts());
    told.putAll(facts.metadata());
    return lookups
        .found(errand, told, facts.identity(), time.instant())
        .chain(
            noted ->
                switch (noted) {
                  case Noted.Done done -> known(done.connection(), facts);
                  case Noted.Elsewhere elsewhere -> elsewhere(errand, elsewhere.other());
                  case Noted.Fenced fenced -> waiting(errand);
                  case Noted.Unavailable unavailable -> waiting(errand);
                });
  }

  private static Uni<Landing> known(Connection connection, Facts facts) {
    LOG.infof(
        "The provider told what is needed of connection %s: it is %s",
        connection.id(), States.name(connection.health()));
    return landing(new Landing.Known(connection.id(), facts.returnUrl()));
  }

  /** Only an install that is nobody's gives way: what an operator made keeps its id. */
  private Uni<Landing> elsewhere(Errand errand, ConnectionId other) {
    Connection connection = errand.connection();
    boolean givesWay =
        connection.tenant().isEmpty() && connection.health() instanceof Health.Connecting;
    if (givesWay) {
      return move(errand, other);
    }
    LOG.warnf("Connection %s has the account of connection %s", connection.id(), other);
    Instant now = time.instant();
    return lookups
        .taken(errand, retry.after(errand.failures(), now), now)
        .chain(() -> waiting(errand));
  }

  /** What is looked up there is the same account's, so that it ends there. */
  private Uni<Landing> move(Errand errand, ConnectionId to) {
    Instant now = time.instant();
    return relocation
        .move(errand, to, retry.after(errand.failures(), now))
        .chain(moved -> moved ? lookUp(to) : waiting(errand));
  }

  private Uni<Landing> failed(Errand errand, Hurdle hurdle) {
    return failed(errand, hurdle, time.instant());
  }

  private Uni<Landing> failed(Errand errand, Hurdle hurdle, Instant notBefore) {
    LOG.warnf(
        "The provider's facts of connection %s are not known yet: %s",
        errand.connection().id(), hurdle);
    return lookups
        .failed(errand, hurdle, retry.after(errand.failures(), notBefore), time.instant())
        .chain(() -> waiting(errand));
  }

  private static Uni<Landing> waiting(Errand errand) {
    return landing(new Landing.Waiting(errand.connection().id()));
  }

  private static Uni<Landing> landing(Landing landing) {
    return Uni.createFrom().item(landing);
  }
}
