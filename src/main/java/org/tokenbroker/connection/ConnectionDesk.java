package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Ledger.Creation;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.Invitation;
import org.tokenbroker.consent.Invitations;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** What operators do with connections. */
@ApplicationScoped
public class ConnectionDesk {
  private final Ledger ledger;
  private final Clients clients;
  private final Invitations invitations;
  private final ApiKeyDesk keys;
  private final InstantSource time;

  ConnectionDesk(
      Ledger ledger,
      Clients clients,
      Invitations invitations,
      ApiKeyDesk keys,
      InstantSource time) {
    this.ledger = ledger;
    this.clients = clients;
    this.invitations = invitations;
    this.keys = keys;
    this.time = time;
  }

  /**
   * What an operator wants created.
   *
   * @param scopes absent: those of the registration
   * @param apiKey for {@code api_key} only; absent: the one that is held stays
   */
  public record Order(
      ConnectionId id,
      TenantId tenant,
      RegistrationId registration,
      GrantType grant,
      Optional<Scopes> scopes,
      Optional<Secret> apiKey,
      Map<String, String> metadata) {}

  /**
   * A field that is not right.
   *
   * @param fix what would be right; never repeats the value
   */
  public record Flaw(String field, String fix) {}

  /** Outcome of creating. */
  public sealed interface Created {
    record Made(Connection connection) implements Created {}

    /** The very same connection exists: nothing was changed. */
    record Already(Connection connection) implements Created {}

    /** Another connection has that id. */
    record Taken() implements Created {}

    record Flawed(List<Flaw> flaws) implements Created {}

    record Unavailable() implements Created {}
  }

  /** Outcome of asking for a consent link. */
  public sealed interface Invited {
    record Link(Invitation invitation) implements Invited {}

    record Unknown() implements Invited {}

    /** The connection's grant has no owner to ask, or it is disabled. */
    record NotPossible(String reason) implements Invited {}

    record Unavailable() implements Invited {}
  }

  public Uni<Created> create(Order order) {
    return switch (order.grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS -> createClients(order);
      case API_KEY -> keys.create(order);
    };
  }

  private Uni<Created> createClients(Order order) {
    return clients
        .find(order.registration())
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready -> create(order, ready.client());
                  case ClientLookup.Unknown unknown ->
                      flawed(new Flaw("registration", "must name an existing registration"));
                  case ClientLookup.Incomplete incomplete ->
                      flawed(new Flaw("registration", incomplete(incomplete.gap())));
                  case ClientLookup.SafeUnavailable unavailable ->
                      Uni.createFrom().item(new Created.Unavailable());
                  case ClientLookup.LedgerUnavailable unavailable ->
                      Uni.createFrom().item(new Created.Unavailable());
                });
  }

  /**
   * @param redirectUri one of the registration's; absent: our own callback (IV-5)
   */
  public Uni<Invited> invite(ConnectionId id, Duration life, Optional<URI> redirectUri) {
    return ledger
        .find(id)
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found -> invite(found.connection(), life, redirectUri);
                  case LedgerRead.Unknown unknown -> Uni.createFrom().item(new Invited.Unknown());
                  case LedgerRead.Unavailable unavailable ->
                      Uni.createFrom().item(new Invited.Unavailable());
                });
  }

  /** An unclaimed connection becomes this tenant's (BE-4). Idempotent. */
  public Uni<LedgerWrite> claim(ConnectionId id, TenantId tenant) {
    return ledger
        .claim(id, tenant, false, time.instant())
        .map(
            written ->
                written instanceof LedgerWrite.NotNow notNow
                        && notNow.connection().belongsTo(tenant)
                    ? new LedgerWrite.Done(notNow.connection())
                    : written);
  }

  /** Open consent links stop working too. */
  public Uni<LedgerWrite> disable(ConnectionId id) {
    return ledger.disable(id, time.instant()).call(written -> withdrawn(written, id));
  }

  public Uni<LedgerWrite> enable(ConnectionId id) {
    return ledger.enable(id, time.instant());
  }

  private Uni<Created> create(Order order, ProviderClient client) {
    List<Flaw> flaws = flaws(order, client);
    if (!flaws.isEmpty()) {
      return Uni.createFrom().item(new Created.Flawed(flaws));
    }
    Connection wanted = connection(order, client);
    return ledger
        .create(wanted)
        .map(
            creation ->
                switch (creation) {
                  case Creation.Created created -> new Created.Made(created.connection());
                  case Creation.Exists exists ->
                      isSame(wanted, exists.connection())
                          ? new Created.Already(exists.connection())
                          : new Created.Taken();
                  case Creation.NoSuchRegistration gone ->
                      new Created.Flawed(
                          List.of(new Flaw("registration", "must name an existing registration")));
                  case Creation.Unavailable unavailable -> new Created.Unavailable();
                });
  }

  private static List<Flaw> flaws(Order order, ProviderClient client) {
    List<Flaw> flaws = new ArrayList<>();
    Profile profile = client.profile();
    if (!profile.grants().contains(order.grant())) {
      flaws.add(new Flaw("grant_type", "must be one that the provider's profile offers"));
    }
    if (!client.registration().particulars().allows(order.grant())) {
      flaws.add(
          new Flaw(
              "grant_type", "must be one of the registration's grant_types, which leave it out"));
    }
    if (order.grant() == GrantType.AUTHORIZATION_CODE && profile.callback().providerInitiated()) {
      flaws.add(
          new Flaw(
              "registration",
              "must be one whose provider does not start installs itself: make a claim link for the tenant, or claim the install"));
    }
    Scopes registered = client.registration().scopes();
    if (order.apiKey().isPresent()) {
      flaws.add(new Flaw("api_key", "must be left out: it is for grant_type api_key only"));
    }
    if (order.scopes().filter(wanted -> !registered.covers(wanted)).isPresent()) {
      flaws.add(new Flaw("scopes", "must be a subset of the registration's scopes"));
    }
    return flaws;
  }

  private Connection connection(Order order, ProviderClient client) {
    Instant now = time.instant();
    Scopes scopes = order.scopes().orElse(client.registration().scopes());
    return new Connection(
        order.id(),
        Optional.of(order.tenant()),
        order.registration(),
        client.profile().id(),
        order.grant(),
        withRequired(order.grant(), scopes, client.profile()),
        first(order.grant(), client.profile(), now),
        Optional.empty(),
        firstDue(order.grant(), now),
        order.metadata(),
        Map.of(),
        now,
        now);
  }

  /** Client credentials need nobody: a token is due at once (IV-3). */
  private static Health first(GrantType grant, Profile profile, Instant now) {
    return switch (grant) {
      case AUTHORIZATION_CODE, API_KEY -> new Health.PendingConsent(now);
      case CLIENT_CREDENTIALS ->
          profile.postConnect().isPresent()
              ? new Health.Connecting(Hurdle.NOT_ASKED, now)
              : new Health.Active(now);
    };
  }

  private static Optional<Instant> firstDue(GrantType grant, Instant now) {
    return switch (grant) {
      case AUTHORIZATION_CODE, API_KEY -> Optional.empty();
      case CLIENT_CREDENTIALS -> Optional.of(now);
    };
  }

  private static Scopes withRequired(GrantType grant, Scopes scopes, Profile profile) {
    return switch (grant) {
      case AUTHORIZATION_CODE -> scopes.with(profile.authorize().requiredScopes());
      case CLIENT_CREDENTIALS, API_KEY -> scopes;
    };
  }

  private static boolean isSame(Connection wanted, Connection existing) {
    return wanted.tenant().equals(existing.tenant())
        && wanted.registration().equals(existing.registration())
        && wanted.grant() == existing.grant()
        && wanted.requested().equals(existing.requested())
        && wanted.metadata().equals(existing.metadata());
  }

  private Uni<Invited> invite(Connection connection, Duration life, Optional<URI> redirectUri) {
    if (connection.grant() != GrantType.AUTHORIZATION_CODE) {
      return Uni.createFrom()
          .item(new Invited.NotPossible("this connection's grant asks no owner"));
    }
    if (connection.health() instanceof Health.Disabled) {
      return Uni.createFrom()
          .item(new Invited.NotPossible("the connection is disabled; enable it first"));
    }
    return connection
        .tenant()
        .map(tenant -> invite(connection, tenant, life, redirectUri))
        .orElseGet(
            () ->
                Uni.createFrom()
                    .item(new Invited.NotPossible("nobody has claimed the connection; claim it")));
  }

  private Uni<Invited> invite(
      Connection connection, TenantId tenant, Duration life, Optional<URI> redirectUri) {
    ConsentSubject subject =
        new ConsentSubject(
            connection.id(), tenant, connection.registration(), connection.requested());
    return invitations
        .invite(subject, life, redirectUri)
        .map(
            outcome ->
                switch (outcome) {
                  case Invitations.Outcome.Invited invited ->
                      new Invited.Link(invited.invitation());
                  case Invitations.Outcome.NotPossible not ->
                      new Invited.NotPossible(not.field() + " " + not.fix());
                  case Invitations.Outcome.Unavailable unavailable -> new Invited.Unavailable();
                });
  }

  private Uni<Void> withdrawn(LedgerWrite written, ConnectionId id) {
    return written instanceof LedgerWrite.Done
        ? invitations.withdraw(id)
        : Uni.createFrom().voidItem();
  }

  private static Uni<Created> flawed(Flaw flaw) {
    return Uni.createFrom().item(new Created.Flawed(List.of(flaw)));
  }

  private static String incomplete(ClientLookup.Gap gap) {
    return switch (gap) {
      case PROFILE -> "names a profile that the catalogue does not hold";
      case VARIABLES -> "does not fill in its profile's variables rightly: put it again";
      case ENDPOINTS -> "has a profile that lacks endpoints: see its missing_endpoints";
      case SECRETS -> "has no usable secrets yet: put its client_id and its secret or key first";
      case KEY -> "has no active signing key yet: generate, upload and activate one first";
    };
  }
}
