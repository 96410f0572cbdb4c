package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.ConnectionDesk.Created;
import org.tokenbroker.connection.ConnectionDesk.Flaw;
import org.tokenbroker.connection.ConnectionDesk.Order;
import org.tokenbroker.connection.KeyKeeper.Kept;
import org.tokenbroker.connection.Ledger.Creation;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * Connections of API keys (BE-1, MK-3, MK-4): an operator puts the key, for the own organization
 * only; it goes in and comes out to consumers alone; it is replaced in place.
 */
@ApplicationScoped
public class ApiKeyDesk implements KeyRefusals {
  private static final Logger LOG = Logger.getLogger(ApiKeyDesk.class);
  private static final String OWN_ONLY =
      "must be one of token-broker.connection.own-tenants: an API key is for the own organization only, customers are asked for their consent";

  private static final String REVOKED_MEANWHILE =
      "came while the connection was being revoked: put it again if it shall be in use";

  private final Ledger ledger;
  private final KeyKeeper keeper;
  private final Registrations registrations;
  private final Profiles profiles;
  private final OwnOrganization own;
  private final InstantSource time;

  ApiKeyDesk(
      Ledger ledger,
      KeyKeeper keeper,
      Registrations registrations,
      Profiles profiles,
      OwnOrganization own,
      InstantSource time) {
    this.ledger = ledger;
    this.keeper = keeper;
    this.registrations = registrations;
    this.profiles = profiles;
    this.own = own;
    this.time = time;
  }

  /** Outcome of putting a key. */
  public sealed interface Replaced {
    /**
     * @param connection as it is now
     */
    record Done(Connection connection) implements Replaced {}

    record Unknown() implements Replaced {}

    /**
     * @param reason what stands against it
     */
    record NotPossible(String reason) implements Replaced {}

    /** The same request again completes what is missing. */
    record Unavailable() implements Replaced {}
  }

  /**
   * Puts a key in place of the former one; the same key again changes nothing, but tells that it is
   * good.
   *
   * @param scopes of the key; absent: those of the former one
   */
  public Uni<Replaced> replace(ConnectionId id, Secret key, Optional<Scopes> scopes) {
    return ledger
        .find(id)
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found(Connection connection) -> replace(connection, key, scopes);
                  case LedgerRead.Unknown unknown -> Uni.createFrom().item(new Replaced.Unknown());
                  case LedgerRead.Unavailable unavailable ->
                      Uni.createFrom().item(new Replaced.Unavailable());
                });
  }

  @Override
  public Uni<Void> refused(ConnectionId id, Generation generation) {
    return ledger
        .keyRefused(id, generation, time.instant())
        .invoke(written -> report(id, generation, written))
        .replaceWithVoid();
  }

  /**
   * With a key: creates, or puts the key of what is there already. Without: finds what is there
   * already.
   */
  Uni<Created> create(Order order) {
    return registrations
        .find(order.registration())
        .chain(
            found ->
                switch (found) {
                  case Registrations.Found.Yes yes -> create(order, yes.kept().registration());
                  case Registrations.Found.Unknown unknown ->
                      flawed(new Flaw("registration", "must name an existing registration"));
                  case Registrations.Found.Unavailable unavailable ->
                      Uni.createFrom().item(new Created.Unavailable());
                });
  }

  private Uni<Created> create(Order order, Registration registration) {
    List<Flaw> flaws = flaws(order, registration, profiles.find(registration.profile()));
    if (!flaws.isEmpty()) {
      return Uni.createFrom().item(new Created.Flawed(flaws));
    }
    Connection wanted = wanted(order, registration);
    return order
        .apiKey()
        .map(key -> createWith(wanted, key))
        .orElseGet(() -> ledger.find(order.id()).map(read -> withoutKey(wanted, read)));
  }

  private Uni<Created> createWith(Connection wanted, Secret key) {
    return ledger
        .create(wanted)
        .chain(
            creation ->
                switch (creation) {
                  case Creation.Created(Connection made) ->
                      keep(made, key, wanted.requested(), Created.Made::new);
                  case Creation.Exists(Connection existing) when isSame(wanted, existing) ->
                      keep(existing, key, wanted.requested(), Created.Already::new);
                  case Creation.Exists another -> Uni.createFrom().item(new Created.Taken());
                  case Creation.NoSuchRegistration gone ->
                      flawed(new Flaw("registration", "must name an existing registration"));
                  case Creation.Unavailable unavailable ->
                      Uni.createFrom().item(new Created.Unavailable());
                });
  }

  private Uni<Created> keep(
      Connection connection, Secret key, Scopes scopes, Function<Connection, Created> done) {
    return keeper
        .keep(connection, key, scopes)
        .map(
            kept ->
                switch (kept) {
                  case Kept.Done(Connection now) -> done.apply(now);
                  case Kept.Unknown deletedMeanwhile -> new Created.Unavailable();
                  case Kept.Revoked meanwhile ->
                      new Created.Flawed(List.of(new Flaw("api_key", REVOKED_MEANWHILE)));
                  case Kept.Unavailable unavailable -> new Created.Unavailable();
                });
  }

  private static Created withoutKey(Connection wanted, LedgerRead read) {
    return switch (read) {
      case LedgerRead.Found(Connection existing) when !isSame(wanted, existing) ->
          new Created.Taken();
      case LedgerRead.Found(Connection existing) when lacksKey(existing.health()) -> keyMissing();
      case LedgerRead.Found(Connection existing)
          when !wanted.requested().equals(existing.requested()) ->
          new Created.Flawed(
              List.of(new Flaw("scopes", "are those of the key: give them together with api_key")));
      case LedgerRead.Found(Connection existing) -> new Created.Already(existing);
      case LedgerRead.Unknown unknown -> keyMissing();
      case LedgerRead.Unavailable unavailable -> new Created.Unavailable();
    };
  }

  private Uni<Replaced> replace(Connection connection, Secret key, Optional<Scopes> scopes) {
    if (connection.grant() != GrantType.API_KEY) {
      return Uni.createFrom()
          .item(new Replaced.NotPossible("The connection's grant_type is not api_key."));
    }
    if (connection.tenant().filter(own::includes).isEmpty()) {
      return Uni.createFrom().item(new Replaced.NotPossible("The tenant " + OWN_ONLY + "."));
    }
    return keeper
        .keep(connection, key, scopes.orElse(connection.requested()))
        .map(
            kept ->
                switch (kept) {
                  case Kept.Done(Connection now) -> new Replaced.Done(now);
                  case Kept.Unknown deletedMeanwhile -> new Replaced.Unknown();
                  case Kept.Revoked meanwhile ->
                      new Replaced.NotPossible("The key " + REVOKED_MEANWHILE + ".");
                  case Kept.Unavailable unavailable -> new Replaced.Unavailable();
                });
  }

  private List<Flaw> flaws(Order order, Registration registration, Optional<Profile> profile) {
    List<Flaw> flaws = new ArrayList<>();
    if (!registration.particulars().allows(GrantType.API_KEY)) {
      flaws.add(
          new Flaw(
              "grant_type", "must be one of the registration's grant_types, which leave it out"));
    }
    if (profile.isEmpty()) {
      flaws.add(new Flaw("registration", "names a profile that the catalogue does not hold"));
    }
    if (profile.filter(known -> !known.grants().contains(GrantType.API_KEY)).isPresent()) {
      flaws.add(new Flaw("grant_type", "must be one that the provider's profile offers"));
    }
    if (!own.includes(order.tenant())) {
      flaws.add(new Flaw("tenant", OWN_ONLY));
    }
    return flaws;
  }

  private Connection wanted(Order order, Registration registration) {
    Instant now = time.instant();
    return new Connection(
        order.id(),
        Optional.of(order.tenant()),
        order.registration(),
        registration.profile(),
        GrantType.API_KEY,
        order.scopes().orElse(registration.scopes()),
        new Health.PendingConsent(now),
        Optional.empty(),
        Optional.empty(),
        order.metadata(),
        Map.of(),
        now,
        now);
  }

  /** The scopes are not compared: they come and go with the key. */
  private static boolean isSame(Connection wanted, Connection existing) {
    return wanted.tenant().equals(existing.tenant())
        && wanted.registration().equals(existing.registration())
        && wanted.grant() == existing.grant()
        && wanted.metadata().equals(existing.metadata());
  }

  private static boolean lacksKey(Health health) {
    return health instanceof Health.PendingConsent
        || health instanceof Health.Revoked
        || (health instanceof Health.Disabled disabled
            && disabled.before() instanceof Health.PendingConsent);
  }

  private static void report(ConnectionId id, Generation generation, LedgerWrite written) {
    switch (written) {
      case LedgerWrite.Done done ->
          LOG.errorf(
              "The API refuses the key of connection %s (generation %s): an operator has to put a new one",
              id, generation);
      case LedgerWrite.NotNow notNow -> {}
      case LedgerWrite.Unknown unknown -> {}
      case LedgerWrite.Unavailable unavailable ->
          LOG.warnf(
              "The API refuses the key of connection %s, and the ledger does not take note of it",
              id);
    }
  }

  private static Created keyMissing() {
    return new Created.Flawed(
        List.of(new Flaw("api_key", "must be given: the connection has no key yet")));
  }

  private static Uni<Created> flawed(Flaw flaw) {
    return Uni.createFrom().item(new Created.Flawed(List.of(flaw)));
  }
}
