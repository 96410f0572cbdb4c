package org.tokenbroker.provider;

import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.platform.ChangeFeed;
import org.tokenbroker.provider.KeyDesk.Seen;
import org.tokenbroker.provider.KeyDesk.Turned;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.store.ProviderStores;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * Registrations and their keys on a real PostgreSQL, with a safe in memory and a clock that is
 * moved by hand.
 */
final class KeyScene {
  private static final AtomicLong NUMBER = new AtomicLong();

  final HandTime time = HandTime.atNoon();
  final MemorySafe safe = new MemorySafe();
  final Feed feed = new Feed();
  final FlakyKeys keys;
  final Registrations registrations;
  final KeyDesk desk;
  final RegistrationDesk registrationDesk;
  final KnownClients clients;
  final RegistrationId id = new RegistrationId("keys-" + NUMBER.incrementAndGet());

  KeyScene(MigratedDatabase database, ProfileFixture profile) {
    this.registrations = ProviderStores.registrations(database.sessions());
    this.keys = new FlakyKeys(ProviderStores.signingKeys(database.sessions()));
    ClientSecretsSafe secrets = new ClientSecretsSafe(new Aside(safe));
    Profiles profiles = new OneProfile(profile.profile());
    this.desk =
        new KeyDesk(
            registrations, keys, new KeyIntake(keys, secrets, time), secrets, profiles, time);
    OrderRules rules =
        new OrderRules(profiles, configuration -> false, DiscoveryScene.publicAddresses(), time);
    MoveRules moves = new MoveRules(registrations);
    Entries entries =
        new Entries(
            registrations, profiles, ProviderStores.acceptedMetadata(database.sessions()), time);
    this.registrationDesk =
        new RegistrationDesk(
            registrations,
            secrets,
            profiles,
            new ClientIntake(keys, desk, secrets, rules, moves, entries),
            new KeysOnly(keys, secrets, moves, entries, time));
    this.clients =
        new KnownClients(registrations, secrets, DiscoveryScene.standings(profiles), feed, time);
  }

  /** Off the event loops: what a test lets happen in between may wait for them. */
  private record Aside(SecretSafe safe) implements SecretSafe {
    @Override
    public Uni<SafeRead> read(SafePath path) {
      return aside(safe.read(path));
    }

    @Override
    public Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected) {
      return aside(safe.write(path, document, expected));
    }

    @Override
    public Uni<SafeDestroy> destroy(SafePath path) {
      return aside(safe.destroy(path));
    }

    @Override
    public Uni<SafeDestroy> destroyBefore(SafePath path, SafeVersion version) {
      return aside(safe.destroyBefore(path, version));
    }

    private static <T> Uni<T> aside(Uni<T> call) {
      return call.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }
  }

  /** A ledger that does what it is told to once or twice. */
  static final class FlakyKeys implements SigningKeys {
    private final SigningKeys ledger;
    private int losses;

    private FlakyKeys(SigningKeys ledger) {
      this.ledger = ledger;
    }

    /** The next changes do not reach the ledger. */
    void lose(int changes) {
      losses = changes;
    }

    @Override
    public Uni<Found> find(RegistrationId id) {
      return ledger.find(id);
    }

    @Override
    public Uni<Changed> change(
        RegistrationId id, Function<KeyRing, KeyRing.Move> decision, Instant now) {
      return Uni.createFrom()
          .deferred(
              () ->
                  losses-- > 0
                      ? Uni.createFrom().item(new Changed.Unavailable())
                      : ledger.change(id, decision, now));
    }
  }

  /** Tells changes when a test says so. */
  static final class Feed implements ChangeFeed {
    private final List<Consumer<Change>> listeners = new ArrayList<>();

    @Override
    public void subscribe(Consumer<Change> listener) {
      listeners.add(listener);
    }

    void tell(RegistrationId id) {
      listeners.forEach(listener -> listener.accept(new Change("registration", id.value())));
    }
  }

  private record OneProfile(Profile profile) implements Profiles {
    @Override
    public Optional<Profile> find(String id) {
      return Optional.of(profile).filter(only -> only.id().equals(id));
    }

    @Override
    public List<Profile> all() {
      return List.of(profile);
    }
  }

  Put put(ClientAuthenticationMethod method, Optional<Secret> key) {
    return put(method, key, Optional.empty());
  }

  Put put(ClientAuthenticationMethod method, Optional<Secret> key, Optional<String> algorithm) {
    return value(
        registrationDesk.put(
            new Order(
                id,
                "acme",
                "Acme Planner",
                "Plans",
                List.of("ops@acme.test"),
                method,
                algorithm,
                Scopes.of("read"),
                List.of(),
                Particulars.NONE,
                Optional.of(Secret.of("the client id")),
                Optional.of(Secret.of("the client secret")),
                key.flatMap(SigningKey::of))));
  }

  /** By a secret, at one of the servers of the profile. */
  Put putAt(String server, Optional<String> clientId, Optional<String> clientSecret) {
    return value(
        registrationDesk.put(
            new Order(
                id,
                "acme",
                "Acme Planner",
                "Plans",
                List.of("ops@acme.test"),
                ClientAuthenticationMethod.CLIENT_SECRET_POST,
                Optional.empty(),
                Scopes.of("read"),
                List.of(),
                new Particulars(Map.of("server", server), Map.of(), Map.of(), Optional.empty()),
                clientId.map(Secret::of),
                clientSecret.map(Secret::of),
                Optional.empty())));
  }

  /** A registration that proves itself by a key and has none. */
  KeyScene withoutKey() {
    put(ClientAuthenticationMethod.PRIVATE_KEY_JWT, Optional.empty());
    return this;
  }

  KeptKey generated(String algorithm) {
    return done(
        value(
            desk.generate(id, new KeyWish(Optional.of(algorithm), 2048, Optional.empty(), false))));
  }

  /** A new key all the way to where it signs. */
  KeptKey signing(String algorithm) {
    KeptKey key = generated(algorithm);
    value(desk.uploaded(id, key.keyId()));
    return done(value(desk.activate(id, key.keyId())));
  }

  static KeptKey done(Turned turned) {
    return turned instanceof Turned.Done done ? done.key() : fail(turned);
  }

  private static KeptKey fail(Turned turned) {
    throw new AssertionError("not done: " + turned);
  }

  KeyRing ring() {
    return ((Seen.Keys) value(desk.look(id))).ring();
  }

  String keySet() {
    return ((Seen.Keys) value(desk.look(id))).keySet();
  }

  ClientLookup lookUp() {
    feed.tell(id);
    return value(clients.find(id));
  }

  /** What the safe holds of the registration, as text. */
  String held() {
    return document().document().fields().toString();
  }

  SafeVersion heldVersion() {
    return document().version();
  }

  private SafeRead.Found document() {
    return Optional.ofNullable(safe.documents().get(SafePath.of("registrations", id.value())))
        .orElseThrow();
  }

  static PublicJsonWebKey ecKey(String keyId) {
    try {
      PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId(keyId);
      return key;
    } catch (JoseException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static Secret privatePart(PublicJsonWebKey key) {
    return Secret.of(key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
  }
}
