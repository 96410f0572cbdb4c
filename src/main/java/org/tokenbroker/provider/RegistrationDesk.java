package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.provider.Registration.Signing;
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
  private final Registrations registrations;
  private final ClientSecretsSafe secrets;
  private final Profiles profiles;
  private final ClientCertificates certificates;
  private final InstantSource time;

  RegistrationDesk(
      Registrations registrations,
      ClientSecretsSafe secrets,
      Profiles profiles,
      ClientCertificates certificates,
      InstantSource time) {
    this.registrations = registrations;
    this.secrets = secrets;
    this.profiles = profiles;
    this.certificates = certificates;
    this.time = time;
  }

  /**
   * What an operator wants a registration to be. A secret that is absent stays as it is.
   *
   * @param signingAlgorithm for {@code private_key_jwt}; the key id is the key's own {@code kid}
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
    return secrets
        .read(order.id())
        .chain(
            read ->
                switch (read) {
                  case ClientSecretsSafe.Read.Found found ->
                      put(order, Optional.of(found.secrets()), found.version());
                  case ClientSecretsSafe.Read.Absent absent ->
                      put(order, Optional.empty(), absent.version());
                  case ClientSecretsSafe.Read.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  /** The secrets go first: should the second step fail, the same request again completes both. */
  private Uni<Put> put(Order order, Optional<ClientSecrets> before, SafeVersion version) {
    Optional<Secret> clientId = order.clientId().or(() -> before.map(ClientSecrets::clientId));
    Optional<Secret> clientSecret =
        order.clientSecret().or(() -> before.flatMap(ClientSecrets::clientSecret));
    Optional<SigningKey> key =
        order
            .privateKey()
            .or(() -> before.flatMap(ClientSecrets::privateKey).flatMap(SigningKey::of));
    List<Flaw> flaws = flaws(order, clientId, clientSecret, key);
    if (!flaws.isEmpty() || clientId.isEmpty()) {
      return Uni.createFrom().item(new Put.Flawed(flaws));
    }
    ClientSecrets after = new ClientSecrets(clientId.get(), clientSecret, key.map(SigningKey::jwk));
    return refusal(order)
        .chain(
            refused ->
                refused
                    .map(put -> Uni.createFrom().item(put))
                    .orElseGet(() -> store(order, key, before, after, version)));
  }

  /**
   * Before anything is written: secrets meant for another place must not reach the one where
   * connections are.
   */
  private Uni<Optional<Put>> refusal(Order order) {
    return registrations
        .find(order.id())
        .chain(
            found ->
                switch (found) {
                  case Found.Yes yes when moves(order, yes.kept().registration()) ->
                      registrations.dependents(order.id()).map(RegistrationDesk::refusal);
                  case Found.Yes yes -> Uni.createFrom().item(Optional.empty());
                  case Found.Unknown unknown -> Uni.createFrom().item(Optional.empty());
                  case Found.Unavailable unavailable ->
                      Uni.createFrom().item(Optional.of(new Put.Unavailable()));
                });
  }

  private static Optional<Put> refusal(Dependents dependents) {
    return switch (dependents) {
      case NONE -> Optional.empty();
      case SOME -> Optional.of(new Put.InUse());
      case UNAVAILABLE -> Optional.of(new Put.Unavailable());
    };
  }

  private static boolean moves(Order order, Registration before) {
    return !order.profile().equals(before.profile())
        || !order.particulars().variables().equals(before.particulars().variables());
  }

  private Uni<Put> store(
      Order order,
      Optional<SigningKey> key,
      Optional<ClientSecrets> before,
      ClientSecrets after,
      SafeVersion version) {
    return write(order.id(), before, after, version)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> record(order, key, after);
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

  /** The public half of the signing key (IV-6); empty where there is none. */
  public Uni<Optional<String>> publicKey(RegistrationId id) {
    return secrets
        .read(id)
        .map(
            read ->
                switch (read) {
                  case ClientSecretsSafe.Read.Found found ->
                      found
                          .secrets()
                          .privateKey()
                          .flatMap(SigningKey::of)
                          .map(SigningKey::publicJwk);
                  case ClientSecretsSafe.Read.Absent absent -> Optional.empty();
                  case ClientSecretsSafe.Read.Unavailable unavailable -> Optional.empty();
                });
  }

  private Uni<SafeWrite> write(
      RegistrationId id, Optional<ClientSecrets> before, ClientSecrets after, SafeVersion version) {
    return before.equals(Optional.of(after))
        ? Uni.createFrom().item(new SafeWrite.Written(version))
        : secrets.write(id, after, version);
  }

  private Uni<Put> record(Order order, Optional<SigningKey> key, ClientSecrets held) {
    Registration registration =
        new Registration(
            order.id(),
            order.profile(),
            order.name(),
            order.purpose(),
            order.contacts(),
            order.authentication(),
            signing(order, key),
            order.scopes(),
            order.redirectUris(),
            order.particulars(),
            new RegistrationHealth.Healthy(),
            0);
    return registrations
        .put(registration, kinds(held), time.instant())
        .map(
            changed ->
                switch (changed) {
                  case Changed.Done done ->
                      done.created() ? new Put.Created(done.kept()) : new Put.Replaced(done.kept());
                  case Changed.InUse inUse -> new Put.InUse();
                  case Changed.Unknown unknown -> new Put.Unavailable();
                  case Changed.Unavailable unavailable -> new Put.Unavailable();
                });
  }

  private static Optional<Signing> signing(Order order, Optional<SigningKey> key) {
    return order.authentication() == ClientAuthenticationMethod.PRIVATE_KEY_JWT
        ? key.flatMap(
            own -> order.signingAlgorithm().map(algorithm -> new Signing(algorithm, own.keyId())))
        : Optional.empty();
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

  private List<Flaw> flaws(
      Order order,
      Optional<Secret> clientId,
      Optional<Secret> clientSecret,
      Optional<SigningKey> key) {
    List<Flaw> flaws = new ArrayList<>();
    Optional<Profile> profile = profiles.find(order.profile());
    if (profile.isEmpty()) {
      flaws.add(new Flaw("profile", "must be the id of a profile in the catalogue"));
    }
    if (profile
        .filter(known -> !known.clientAuthentication().contains(order.authentication()))
        .isPresent()) {
      flaws.add(new Flaw("client_authentication", "must be one that the profile offers"));
    }
    if (clientId.isEmpty()) {
      flaws.add(new Flaw("client_id", "must be given"));
    }
    flaws.addAll(ofAuthentication(order, clientSecret, key));
    profile
        .map(
            known ->
                ParticularFlaws.of(
                    known, order.authentication(), order.particulars(), certificates::has))
        .ifPresent(flaws::addAll);
    return flaws;
  }

  private static List<Flaw> ofAuthentication(
      Order order, Optional<Secret> clientSecret, Optional<SigningKey> key) {
    return switch (order.authentication()) {
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, CLIENT_SECRET_JWT ->
          clientSecret.isPresent()
              ? List.of()
              : List.of(new Flaw("client_secret", "must be given for this client_authentication"));
      case PRIVATE_KEY_JWT -> ofKey(order.signingAlgorithm(), key);
      case TLS_CLIENT_AUTH, NONE -> List.of();
    };
  }

  private static List<Flaw> ofKey(Optional<String> algorithm, Optional<SigningKey> key) {
    if (key.isEmpty()) {
      return List.of(new Flaw("private_key_jwk", "must be given for private_key_jwt"));
    }
    return algorithm.filter(key.get()::signsWith).isPresent()
        ? List.of()
        : List.of(
            new Flaw(
                "signing_algorithm",
                "must be one that fits the key: " + String.join(", ", key.get().algorithms())));
  }

  private static Set<SecretKind> kinds(ClientSecrets held) {
    Set<SecretKind> kinds = EnumSet.of(SecretKind.CLIENT_ID);
    held.clientSecret().ifPresent(secret -> kinds.add(SecretKind.CLIENT_SECRET));
    held.privateKey().ifPresent(key -> kinds.add(SecretKind.PRIVATE_KEY));
    return kinds;
  }
}
