package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.KeyDesk.Turned;
import org.tokenbroker.provider.Registrations.Changed;
import org.tokenbroker.provider.Registrations.Dependents;
import org.tokenbroker.provider.Registrations.Found;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** What operators do with registrations. Secrets go in and never come out (IV-6, MK-3). */
@ApplicationScoped
public class RegistrationDesk {
  private static final int SHORTEST_HMAC_KEY = 32;
  static final Flaw NO_PROFILE =
      new Flaw("profile", "must be the id of a profile in the catalogue");

  private static final Flaw OF_ANOTHER_PLACE =
      new Flaw(
          "variables",
          "lead to another place than that of the credentials that are held: give client_id and"
              + " client_secret anew, or create another registration; signing keys do not move");

  private final Registrations registrations;
  private final SigningKeys keys;
  private final KeyDesk keyDesk;
  private final ClientSecretsSafe secrets;
  private final Profiles profiles;
  private final ClientCertificates certificates;
  private final AcceptedMetadata metadata;
  private final AddressRules addresses;
  private final InstantSource time;

  RegistrationDesk(
      Registrations registrations,
      SigningKeys keys,
      KeyDesk keyDesk,
      ClientSecretsSafe secrets,
      Profiles profiles,
      ClientCertificates certificates,
      AcceptedMetadata metadata,
      ProviderAddresses addresses,
      InstantSource time) {
    this.registrations = registrations;
    this.keys = keys;
    this.keyDesk = keyDesk;
    this.secrets = secrets;
    this.profiles = profiles;
    this.certificates = certificates;
    this.metadata = metadata;
    this.addresses = addresses.rules();
    this.time = time;
  }

  /**
   * What an operator wants a registration to be. A secret that is absent stays as it is.
   *
   * @param signingAlgorithm that the key signs with; absent: one of the profile's that fits it
   * @param privateKey signs from now on: the operator says that the provider knows it (IV-7)
   */
  public record Order(
      RegistrationId id,
      String profile,
      String name,
      String purpose,
      List<String> contacts,
      ClientAuthenticationMethod authentication,
      Optional<String> signingAlgorithm,
      Scopes scopes,
      List<URI> redirectUris,
      Particulars particulars,
      Optional<Secret> clientId,
      Optional<Secret> clientSecret,
      Optional<SigningKey> privateKey) {}

  /**
   * A field that is not right.
   *
   * @param fix what would be right; never repeats the value
   */
  public record Flaw(String field, String fix) {}

  /** Outcome of creating or replacing. */
  public sealed interface Put {
    record Created(Kept kept) implements Put {}

    record Replaced(Kept kept) implements Put {}

    record Flawed(List<Flaw> flaws) implements Put {}

    /** Neither profile nor variables can change while credentials depend on them (IV-1). */
    record InUse() implements Put {}

    record Unavailable() implements Put {}
  }

  public Uni<Put> put(Order order) {
    return profiles.find(order.profile()).filter(KeysOnly::isOffered).isPresent()
        ? putWithoutSecrets(order)
        : putWithSecrets(order);
  }

  private Uni<Put> putWithoutSecrets(Order order) {
    List<Flaw> flaws = KeysOnly.flaws(order);
    return flaws.isEmpty()
        ? refusal(order, false)
            .chain(
                refused ->
                    refused
                        .map(put -> Uni.createFrom().item(put))
                        .orElseGet(() -> recordWithoutSecrets(order)))
        : Uni.createFrom().item(new Put.Flawed(flaws));
  }

  /** What a client left that the registration was before is of no use any more. */
  private Uni<Put> recordWithoutSecrets(Order order) {
    return secrets
        .destroy(order.id())
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done ->
                      record(order, Set.of()).chain(put -> withoutKeys(order, put));
                  case SafeDestroy.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<Put> withoutKeys(Order order, Put put) {
    return switch (put) {
      case Put.Created created -> Uni.createFrom().item(created);
      case Put.Replaced replaced -> abandoned(order.id(), replaced);
      case Put.Flawed flawed -> Uni.createFrom().item(flawed);
      case Put.InUse inUse -> Uni.createFrom().item(inUse);
      case Put.Unavailable unavailable -> Uni.createFrom().item(unavailable);
    };
  }

  private Uni<Put> abandoned(RegistrationId id, Put.Replaced replaced) {
    return keys.change(id, KeyRing::abandoned, time.instant())
        .chain(
            changed ->
                switch (changed) {
                  case SigningKeys.Changed.Done done when done.anew() -> again(id);
                  case SigningKeys.Changed.Done done -> Uni.createFrom().item(replaced);
                  case SigningKeys.Changed.Refused refused -> Uni.createFrom().item(replaced);
                  case SigningKeys.Changed.Unknown unknown ->
                      Uni.createFrom().item(new Put.Unavailable());
                  case SigningKeys.Changed.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<Put> again(RegistrationId id) {
    return registrations
        .find(id)
        .map(
            found ->
                found instanceof Found.Yes yes
                    ? new Put.Replaced(yes.kept())
                    : new Put.Unavailable());
  }

  private Uni<Put> putWithSecrets(Order order) {
    return secrets
        .read(order.id())
        .chain(
            read ->
                switch (read) {
                  case ClientSecretsSafe.Read.Found found ->
                      withRing(order, Optional.of(found.secrets()), found.version());
                  case ClientSecretsSafe.Read.Absent absent ->
                      withRing(order, Optional.empty(), absent.version());
                  case ClientSecretsSafe.Read.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<Put> withRing(Order order, Optional<KeptSecrets> before, SafeVersion version) {
    return keys.find(order.id())
        .chain(
            found ->
                switch (found) {
                  case SigningKeys.Found.Yes yes -> put(order, before, version, yes.ring());
                  case SigningKeys.Found.Unknown unknown ->
                      put(order, before, version, new KeyRing(false, List.of()));
                  case SigningKeys.Found.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  /** The secrets go first: should a later step fail, the same request again completes all. */
  private Uni<Put> put(
      Order order, Optional<KeptSecrets> before, SafeVersion version, KeyRing ring) {
    Optional<Secret> clientId = order.clientId().or(() -> before.map(KeptSecrets::clientId));
    Optional<Secret> clientSecret =
        order.clientSecret().or(() -> before.flatMap(KeptSecrets::clientSecret));
    Optional<SigningKey> key = toSign(order, before, ring);
    List<Flaw> flaws = flaws(order, clientId, clientSecret);
    key.ifPresent(own -> flaws.addAll(ofKey(order, own, before, ring)));
    if (!flaws.isEmpty() || clientId.isEmpty()) {
      return Uni.createFrom().item(new Put.Flawed(flaws));
    }
    KeptSecrets held =
        new KeptSecrets(
            clientId.get(), clientSecret, before.map(KeptSecrets::keys).orElse(List.of()));
    KeptSecrets after = key.map(held::with).orElse(held);
    boolean carriesOver = carriesOver(order, before, ring);
    return refusal(order, carriesOver)
        .chain(
            refused ->
                refused
                    .map(put -> Uni.createFrom().item(put))
                    .orElseGet(() -> store(order, key, before, after, version)));
  }

  /**
   * Before anything is written: secrets meant for another place must not reach the one where
   * connections are, nor those of one place another (IV-1).
   */
  private Uni<Optional<Put>> refusal(Order order, boolean carriesOver) {
    return registrations
        .find(order.id())
        .chain(
            found ->
                switch (found) {
                  case Found.Yes yes when moves(order, yes.kept().registration()) ->
                      registrations
                          .dependents(order.id())
                          .map(dependents -> refusal(dependents, carriesOver));
                  case Found.Yes yes -> Uni.createFrom().item(Optional.empty());
                  case Found.Unknown unknown -> Uni.createFrom().item(Optional.empty());
                  case Found.Unavailable unavailable ->
                      Uni.createFrom().item(Optional.of(new Put.Unavailable()));
                });
  }

  private static Optional<Put> refusal(Dependents dependents, boolean carriesOver) {
    return switch (dependents) {
      case NONE ->
          carriesOver ? Optional.of(new Put.Flawed(List.of(OF_ANOTHER_PLACE))) : Optional.empty();
      case SOME -> Optional.of(new Put.InUse());
      case UNAVAILABLE -> Optional.of(new Put.Unavailable());
    };
  }

  /** Whether anything that was given before would stay in use. */
  private static boolean carriesOver(Order order, Optional<KeptSecrets> before, KeyRing ring) {
    boolean clientId = before.isPresent() && order.clientId().isEmpty();
    boolean clientSecret =
        before.flatMap(KeptSecrets::clientSecret).isPresent() && order.clientSecret().isEmpty();
    return clientId || clientSecret || ring.keys().stream().anyMatch(KeptKey::isLiving);
  }

  private static boolean moves(Order order, Registration before) {
    return !order.profile().equals(before.profile())
        || !order.particulars().variables().equals(before.particulars().variables());
  }

  private Uni<Put> store(
      Order order,
      Optional<SigningKey> key,
      Optional<KeptSecrets> before,
      KeptSecrets after,
      SafeVersion version) {
    return write(order.id(), before, after, version)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done ->
                      record(order, kinds(after)).chain(put -> sign(put, order, key));
                  case SafeWrite.Conflict conflict -> Uni.createFrom().item(new Put.Unavailable());
                  case SafeWrite.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  public Uni<Changed> delete(RegistrationId id) {
    return registrations
        .delete(id)
        .chain(
            changed ->
                switch (changed) {
                  case Changed.Done done -> erase(id, done);
                  case Changed.Unknown unknown -> erase(id, unknown);
                  case Changed.InUse inUse -> Uni.createFrom().item(inUse);
                  case Changed.Unavailable unavailable -> Uni.createFrom().item(unavailable);
                });
  }

  /**
   * The key that signs from now on: the one that is given, or the active one where another
   * algorithm is asked of it.
   */
  private static Optional<SigningKey> toSign(
      Order order, Optional<KeptSecrets> before, KeyRing ring) {
    return order
        .privateKey()
        .or(
            () ->
                ring.active()
                    .filter(active -> order.signingAlgorithm().isPresent())
                    .filter(active -> !order.signingAlgorithm().get().equals(active.algorithm()))
                    .flatMap(active -> before.flatMap(held -> held.key(active.keyId()))));
  }

  private Uni<SafeWrite> write(
      RegistrationId id, Optional<KeptSecrets> before, KeptSecrets after, SafeVersion version) {
    return before.equals(Optional.of(after))
        ? Uni.createFrom().item(new SafeWrite.Written(version))
        : secrets.write(id, after, version);
  }

  private Uni<Put> record(Order order, Set<SecretKind> held) {
    Registration registration =
        new Registration(
            order.id(),
            order.profile(),
            order.name(),
            order.purpose(),
            order.contacts(),
            order.authentication(),
            Optional.empty(),
            order.scopes(),
            order.redirectUris(),
            order.particulars(),
            new RegistrationHealth.Healthy(),
            0);
    return registrations
        .put(registration, held, time.instant())
        .chain(
            changed ->
                switch (changed) {
                  case Changed.Done done -> withIssuer(done);
                  case Changed.InUse inUse -> Uni.createFrom().item(new Put.InUse());
                  case Changed.Unknown unknown -> Uni.createFrom().item(new Put.Unavailable());
                  case Changed.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  /** Whoever puts a registration accepts where its issuer moved to (decision 88). */
  private Uni<Put> withIssuer(Changed.Done done) {
    Registration registration = done.kept().registration();
    Put put = done.created() ? new Put.Created(done.kept()) : new Put.Replaced(done.kept());
    return profiles
        .find(registration.profile())
        .flatMap(profile -> Standing.issuer(profile, registration))
        .map(issuer -> new AcceptedMetadata.Subject(registration.profile(), issuer))
        .map(subject -> accepted(subject, put))
        .orElseGet(() -> Uni.createFrom().item(put));
  }

  private Uni<Put> accepted(AcceptedMetadata.Subject subject, Put put) {
    return metadata
        .accept(subject, time.instant())
        .map(
            accepting ->
                switch (accepting) {
                  case DONE -> put;
                  case UNAVAILABLE -> new Put.Unavailable();
                });
  }

  private Uni<Put> sign(Put put, Order order, Optional<SigningKey> key) {
    return switch (put) {
      case Put.Created created -> signed(order, key, created, kept -> new Put.Created(kept));
      case Put.Replaced replaced -> signed(order, key, replaced, kept -> new Put.Replaced(kept));
      case Put.Flawed flawed -> Uni.createFrom().item(flawed);
      case Put.InUse inUse -> Uni.createFrom().item(inUse);
      case Put.Unavailable unavailable -> Uni.createFrom().item(unavailable);
    };
  }

  private Uni<Put> signed(
      Order order, Optional<SigningKey> key, Put otherwise, Function<Kept, Put> done) {
    return key.map(own -> keyDesk.declare(order.id(), own, algorithm(order, own)))
        .map(declared -> declared.chain(turned -> signed(order.id(), turned, done)))
        .orElseGet(() -> Uni.createFrom().item(otherwise));
  }

  private Uni<Put> signed(RegistrationId id, Turned turned, Function<Kept, Put> done) {
    return switch (turned) {
      case Turned.Done signing ->
          registrations
              .find(id)
              .map(
                  found ->
                      found instanceof Registrations.Found.Yes yes
                          ? done.apply(yes.kept())
                          : new Put.Unavailable());
      case Turned.Refused refused ->
          Uni.createFrom().item(new Put.Flawed(List.of(KeyRules.flaw(refused.why()))));
      case Turned.Flawed flawed -> Uni.createFrom().item(new Put.Flawed(flawed.flaws()));
      case Turned.Unknown unknown -> Uni.createFrom().item(new Put.Unavailable());
      case Turned.Unavailable unavailable -> Uni.createFrom().item(new Put.Unavailable());
    };
  }

  private Uni<Changed> erase(RegistrationId id, Changed done) {
    return secrets
        .destroy(id)
        .map(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed gone -> done;
                  case SafeDestroy.Unavailable unavailable -> new Changed.Unavailable();
                });
  }

  private List<Flaw> flaws(Order order, Optional<Secret> clientId, Optional<Secret> clientSecret) {
    List<Flaw> flaws = new ArrayList<>();
    Optional<Profile> profile = profiles.find(order.profile());
    if (profile.isEmpty()) {
      flaws.add(NO_PROFILE);
    }
    if (profile
        .filter(known -> !known.clientAuthentication().contains(order.authentication()))
        .isPresent()) {
      flaws.add(new Flaw("client_authentication", "must be one that the profile offers"));
    }
    profile.map(known -> ofGrants(order, known)).ifPresent(flaws::addAll);
    if (clientId.isEmpty()) {
      flaws.add(new Flaw("client_id", "must be given"));
    }
    flaws.addAll(ofAuthentication(order, clientSecret));
    profile
        .map(
            known ->
                ParticularFlaws.of(
                    known,
                    order.authentication(),
                    order.particulars(),
                    certificates::has,
                    addresses::allowHost))
        .ifPresent(flaws::addAll);
    return flaws;
  }

  /** A signing key may come later: until then the registration is not usable (IV-7). */
  private static List<Flaw> ofAuthentication(Order order, Optional<Secret> clientSecret) {
    return switch (order.authentication()) {
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST ->
          clientSecret.isPresent()
              ? List.of()
              : List.of(new Flaw("client_secret", "must be given for this client_authentication"));
      case CLIENT_SECRET_JWT ->
          clientSecret.filter(RegistrationDesk::signs).isPresent()
              ? List.of()
              : List.of(
                  new Flaw("client_secret", "must be given, at least 32 bytes, to sign with it"));
      case PRIVATE_KEY_JWT, TLS_CLIENT_AUTH -> List.of();
      case NONE ->
          order.clientSecret().isEmpty()
              ? List.of()
              : List.of(
                  new Flaw(
                      "client_authentication",
                      "must name how the client_secret is proven; none sends none"));
    };
  }

  private static List<Flaw> ofGrants(Order order, Profile profile) {
    return profile.grants().containsAll(order.particulars().grants())
        ? List.of()
        : List.of(
            new Flaw(
                "grant_types",
                "must be some of the profile's: "
                    + profile.grants().stream()
                        .map(GrantType::parameter)
                        .sorted()
                        .collect(Collectors.joining(", "))));
  }

  /** RFC 7518 §3.2. */
  private static boolean signs(Secret clientSecret) {
    return clientSecret.reveal().getBytes(StandardCharsets.UTF_8).length >= SHORTEST_HMAC_KEY;
  }

  private List<Flaw> ofKey(
      Order order, SigningKey key, Optional<KeptSecrets> before, KeyRing ring) {
    List<Flaw> flaws = new ArrayList<>();
    profiles
        .find(order.profile())
        .map(profile -> KeyRules.ofKey(profile, key, order.signingAlgorithm(), "signing_algorithm"))
        .ifPresent(flaws::addAll);
    boolean agrees = before.map(held -> held.agreesOn(key)).orElse(true);
    if (!agrees) {
      flaws.add(KeyRules.flaw(KeyRing.Refusal.KEY_ID_TAKEN));
    } else if (flaws.isEmpty()
        && ring.declared(key, algorithm(order, key), time.instant())
            instanceof KeyRing.Move.Refused refused) {
      flaws.add(KeyRules.flaw(refused.why()));
    }
    return flaws;
  }

  /** The order has no flaw as far as its profile can tell. */
  private String algorithm(Order order, SigningKey key) {
    return profiles
        .find(order.profile())
        .flatMap(profile -> KeyRules.toSignWith(profile, key, order.signingAlgorithm()))
        .orElse(key.algorithms().getFirst());
  }

  private static Set<SecretKind> kinds(KeptSecrets held) {
    Set<SecretKind> kinds = EnumSet.of(SecretKind.CLIENT_ID);
    held.clientSecret().ifPresent(secret -> kinds.add(SecretKind.CLIENT_SECRET));
    if (!held.keys().isEmpty()) {
      kinds.add(SecretKind.PRIVATE_KEY);
    }
    return kinds;
  }
}
